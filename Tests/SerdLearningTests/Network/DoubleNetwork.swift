import Foundation
import SerdLearning
import SerdNetwork
import Testing

/// The network in double precision, in training mode, written as its definition reads: the reference of the gradient
/// tests, which difference it numerically. Slow, and without any of the tricks of the real one.
struct DoubleNetwork {
  let architecture: NetworkArchitecture
  let table: ParameterTable
  let frames: Int
  let coefficients: Int
  let classes: Int
  /// Running statistics laid out as in `table`: then they normalise, not the batch's.
  var running: [Double]?
  /// What is done to a tensor before the next block reads it: `input`, `paths`, the body blocks' names, and `pooled`.
  var rounding: (String, [Double]) -> [Double] = { $1 }

  /// Logits of `images` inputs (NHWC with one channel) for flat parameters laid out as in `table`.
  func logits(_ inputs: [Double], images: Int, parameters: [Double]) -> [Double] {
    let shapes = architecture.layerShapes(frames: frames, coefficients: coefficients)
    let inputs = rounding("input", inputs)
    var concatenated: [Double] = []
    let paths = shapes.prefix(architecture.paths.count).map {
      block($0, inputs, images: images, parameters, residual: architecture.hasPathResidual)
    }
    for pixel in 0..<images * shapes[0].output.count {
      for (path, shape) in zip(paths, shapes) {
        concatenated += path[pixel * shape.block.channels..<(pixel + 1) * shape.block.channels]
      }
    }
    var value = rounding("paths", concatenated)
    for shape in shapes.dropFirst(architecture.paths.count) {
      value = block(shape, value, images: images, parameters, residual: false)
      if shape != shapes.last { value = rounding(shape.name, value) }
    }
    let channels = architecture.pooledChannels
    let pixels = shapes.last!.output.count
    let weight = tensor("head.weight", parameters)!
    var logits = (0..<images).flatMap { _ in tensor("head.bias", parameters)! }
    var pooled = [Double](repeating: 0, count: images * channels)
    for image in 0..<images {
      for channel in 0..<channels {
        for pixel in 0..<pixels {
          pooled[image * channels + channel] += value[(image * pixels + pixel) * channels + channel] / Double(pixels)
        }
      }
    }
    pooled = rounding("pooled", pooled)
    for image in 0..<images {
      for channel in 0..<channels {
        for i in 0..<classes {
          logits[image * classes + i] += pooled[image * channels + channel] * weight[i * channels + channel]
        }
      }
    }
    return logits
  }

  private func tensor(_ name: String, _ parameters: [Double]) -> [Double]? {
    table.entries.first { $0.name == name }.map { Array(parameters[$0.range]) }
  }

  private func block(
    _ shape: LayerShape, _ input: [Double], images: Int, _ parameters: [Double], residual: Bool
  ) -> [Double] {
    let channels = shape.block.channels
    let convolution = NaiveConvolution.Shape(
      images: images, height: shape.input.height, width: shape.input.width, inputs: shape.inputChannels,
      outputs: channels, kernelHeight: shape.block.kernel.height, kernelWidth: shape.block.kernel.width)
    // The flat vector holds HWIO, as the naive convolution wants it; the golden tests check that against OIHW.
    var y = NaiveConvolution.forward(
      convolution, input: input, weights: tensor("\(shape.name).conv.weight", parameters)!)
    let bias = tensor("\(shape.name).conv.bias", parameters)
    let gain = tensor("\(shape.name).bn.weight", parameters)!
    let offset = tensor("\(shape.name).bn.bias", parameters)!
    let slope = tensor("\(shape.name).act.weight", parameters)
    let pixels = y.count / channels
    for channel in 0..<channels {
      let indices = (0..<pixels).map { $0 * channels + channel }
      for i in indices { y[i] += bias?[channel] ?? 0 }
      var mean = indices.reduce(0.0) { $0 + y[$1] } / Double(pixels)
      var variance = indices.reduce(0.0) { $0 + (y[$1] - mean) * (y[$1] - mean) } / Double(pixels)
      if let running {
        mean = tensor("\(shape.name).bn.running_mean", running)![channel]
        variance = tensor("\(shape.name).bn.running_var", running)![channel]
      }
      for (pixel, i) in indices.enumerated() {
        let z =
          gain[channel] * (y[i] - mean) / (variance + Double(architecture.batchNormEpsilon)).squareRoot()
          + offset[channel]
        y[i] = (z > 0 ? z : (slope?[channel] ?? 0) * z) + (residual ? input[pixel] : 0)
      }
    }
    return pooled(y, shape, images: images)
  }

  private func pooled(_ y: [Double], _ shape: LayerShape, images: Int) -> [Double] {
    let (channels, pool) = (shape.block.channels, shape.block.pool ?? NetworkArchitecture.Extent(1, 1))
    var result = [Double](repeating: 0, count: images * shape.output.count * channels)
    for image in 0..<images {
      for row in 0..<shape.output.height {
        for column in 0..<shape.output.width {
          let rows = row * pool.height..<min(shape.input.height, (row + 1) * pool.height)
          let columns = column * pool.width..<min(shape.input.width, (column + 1) * pool.width)
          for channel in 0..<channels {
            var sum = 0.0
            for r in rows {
              for c in columns {
                sum += y[((image * shape.input.height + r) * shape.input.width + c) * channels + channel]
              }
            }
            result[((image * shape.output.height + row) * shape.output.width + column) * channels + channel] =
              sum / Double(rows.count * columns.count)
          }
        }
      }
    }
    return result
  }

  /// Mean cross-entropy against target distributions.
  func loss(_ inputs: [Double], targets: [Double], parameters: [Double]) -> Double {
    let images = targets.count / classes
    let logits = logits(inputs, images: images, parameters: parameters)
    var loss = 0.0
    for image in 0..<images {
      let row = logits[image * classes..<(image + 1) * classes]
      let logSum = log(row.reduce(0) { $0 + exp($1) })
      for (i, logit) in row.enumerated() { loss -= targets[image * classes + i] * (logit - logSum) / Double(images) }
    }
    return loss
  }

  /// Expects the gradients of a network to be the central differences of this one's loss, for every parameter.
  func expectGradients(
    of network: TrainableNetwork, inputs: [Double], targets: [Double], parameters: [Double], step: Double
  ) {
    var parameters = parameters
    let largest = network.gradients.map(abs).max()!
    for entry in table.entries where !entry.isRunning {
      for i in entry.range {
        let middle = parameters[i]
        parameters[i] = middle + step
        let above = loss(inputs, targets: targets, parameters: parameters)
        parameters[i] = middle - step
        let below = loss(inputs, targets: targets, parameters: parameters)
        parameters[i] = middle
        let expected = Float((above - below) / (2 * step))
        #expect(abs(network.gradients[i] - expected) < 1e-5 * max(largest, 1), "\(entry.name)[\(i - entry.offset)]")
      }
    }
  }
}
