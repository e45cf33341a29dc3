import SerdNetwork

/// Global average pool, dropout and the dense layer.
///
/// Small: 320 values per image. It runs on the calling thread.
final class HeadStage {
  let table: ParameterTable
  let classes: Int
  let input: ImageStack
  let inputGradient: ImageStack
  /// images × channels, before dropout.
  let pooled = Buffer<Float>()
  let logits = Buffer<Float>()
  private let dropped = Buffer<Float>()
  /// 0, or 1/(1 - rate): what dropout multiplied by; 0 also where the grid clamped.
  private let mask = Buffer<Float>()
  private let gradient = Buffer<Float>()
  /// The grid that the pooled values are rounded to in quantisation-aware training, or nil.
  var grid: QuantisedModel.Activation?

  var channels: Int { input.channels }

  init(table: ParameterTable, classes: Int, input: ImageStack, inputGradient: ImageStack) {
    self.table = table
    self.classes = classes
    self.input = input
    self.inputGradient = inputGradient
  }

  func reserve(images: Int) {
    for buffer in [pooled, dropped, mask, gradient] { buffer.reserve(images * channels) }
    logits.reserve(images * classes)
  }

  /// Logits of all images. `dropout` is the share of pooled channels set to zero; the rest is scaled up.
  func forward(
    images: Int, parameters: UnsafePointer<Float>, dropout: Float, generator: inout SeededGenerator
  ) {
    let channels = channels
    let share = 1 / Float(input.pixels)
    for image in 0..<images {
      let sum = pooled.base + image * channels
      sum.update(repeating: 0, count: channels)
      for pixel in 0..<input.pixels {
        let p = input.image(image) + pixel * channels
        for i in 0..<channels { sum[i] += p[i] }
      }
      for i in 0..<channels { sum[i] *= share }
    }
    grid?.round(pooled.base, count: images * channels, inside: mask.base)
    for i in 0..<images * channels {
      // Dropout draws for every value, clamped or not.
      let factor: Float = dropout == 0 ? 1 : generator.uniform() < dropout ? 0 : 1 / (1 - dropout)
      mask.base[i] = grid == nil ? factor : factor * mask.base[i]
      dropped.base[i] = pooled.base[i] * factor
    }
    for image in 0..<images {
      (logits.base + image * classes).update(from: parameters + table.headBias, count: classes)
    }
    Matrix(dropped.base, stride: channels).multiply(
      Matrix(parameters + table.headWeight, stride: channels, transposed: true),
      into: logits.base, stride: classes, adding: 1, rows: images, columns: classes, depth: channels)
  }

  /// Gradients of the dense layer and of the last block's output.
  func backward(
    images: Int, logitGradients: UnsafePointer<Float>, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let channels = channels
    Matrix(logitGradients, stride: classes, transposed: true).multiply(
      Matrix(dropped.base, stride: channels), into: gradients + table.headWeight, stride: channels, rows: classes,
      columns: channels, depth: images)
    let bias = gradients + table.headBias
    bias.update(repeating: 0, count: classes)
    for image in 0..<images {
      for i in 0..<classes { bias[i] += logitGradients[image * classes + i] }
    }
    Matrix(logitGradients, stride: classes).multiply(
      Matrix(parameters + table.headWeight, stride: channels), into: gradient.base, stride: channels, rows: images,
      columns: channels, depth: classes)
    let share = 1 / Float(input.pixels)
    for image in 0..<images {
      let g = gradient.base + image * channels
      for i in 0..<channels { g[i] *= share * mask.base[image * channels + i] }
      for pixel in 0..<input.pixels {
        (inputGradient.image(image) + pixel * channels).update(from: g, count: channels)
      }
    }
  }
}
