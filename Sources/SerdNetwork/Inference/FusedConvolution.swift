/// The unit of int8 arithmetic (design.md §3.4), scalar: convolution, activation, residual, average pool, requantisation.
///
/// **This is the specification** of what every faster kernel must compute, to the bit. For one output cell and channel c:
///
/// 1. For each convolution cell of the pool that lies inside the image,
///    `acc = bias[c] + Σ (q - zeroPoint) · w`, int32, over the taps inside the image: a tap outside contributes nothing.
/// 2. With `m[c] = inputScale · weightScale[c] / outputScale` (float32, in this order of operations):
///    - ReLU: `sum += max(acc, 0)`, and the cell's value is `sum · (m[c] / count)`.
///    - PReLU: `g = acc < 0 ? (16 · m[c]) · slope[c] : 16 · m[c]` and `sum += round(float(acc) · g)`; a path with a residual also
///      adds `round(float(q - zeroPoint) · (16 · inputScale / outputScale))` of the cell's own input; the cell's value is
///      `float(sum) · (1 / (16 · count))`.
///    `count` is the number of pool cells inside the image (odd edges have fewer).
/// 3. `Requantisation.requantise`: round to nearest even, add the output's zero point, clamp to [-128, 127].
///
/// A global average pool is a pool as large as the image. `QuantisedModel+Limits` proves that no step overflows.
/// About 5 to 10 GMAC/s: the reference and the fallback, not the fast path.
package struct FusedConvolution: Sendable {
  private let shape: LayerShape
  private let pool: NetworkArchitecture.Extent
  private let inputZeroPoint: Int32
  private let outputZeroPoint: Int32
  private let hasResidual: Bool
  private let isPReLU: Bool
  /// [O][H][W][I]: the innermost loop runs over input channels, which are contiguous in the input too.
  private let weights: [Int8]
  private let biases: [Int32]
  private let multipliers: [Float]
  private let negativeMultipliers: [Float]
  private let residualMultiplier: Float

  /// The layer at `index` of the model's `layerShapes`.
  package init(model: QuantisedModel, layer index: Int) {
    let shapes = model.description.layerShapes
    let isLast = index == shapes.count - 1
    shape = shapes[index]
    pool = isLast ? shape.input : shape.block.pool ?? NetworkArchitecture.Extent(1, 1)
    let (input, output) = (model.inputActivation(ofLayer: index), model.outputActivation(ofLayer: index))
    inputZeroPoint = Int32(input.zeroPoint)
    outputZeroPoint = Int32(output.zeroPoint)
    isPReLU = model.description.architecture.activation == .prelu
    hasResidual = isPReLU && model.description.architecture.hasPathResidual && index < model.description.architecture.paths.count
    weights = Self.channelsLast(model.layers[index].values, shape)
    biases = model.layers[index].biases
    let plain = Self.multipliers(of: model, layer: index)
    multipliers = isPReLU ? plain.map { Requantisation.gridSteps * $0 } : plain
    negativeMultipliers = isPReLU ? zip(multipliers, model.layers[index].slopes).map { $0 * $1 } : []
    residualMultiplier = Requantisation.gridSteps * input.scale / output.scale
  }

  /// m[c] of the specification.
  static func multipliers(of model: QuantisedModel, layer index: Int) -> [Float] {
    let (input, output) = (model.inputActivation(ofLayer: index), model.outputActivation(ofLayer: index))
    return model.layers[index].scales.map { input.scale * $0 / output.scale }
  }

  private static func channelsLast(_ values: [Int8], _ shape: LayerShape) -> [Int8] {
    let (inputs, taps) = (shape.inputChannels, shape.block.kernel.count)
    var result = [Int8](repeating: 0, count: values.count)
    for o in 0..<shape.block.channels {
      for i in 0..<inputs {
        for tap in 0..<taps { result[(o * taps + tap) * inputs + i] = values[(o * inputs + i) * taps + tap] }
      }
    }
    return result
  }

  /// Cells of the output: the pooled image, or one for a global pool.
  package var outputSize: NetworkArchitecture.Extent {
    NetworkArchitecture.Extent(
      (shape.input.height + pool.height - 1) / pool.height, (shape.input.width + pool.width - 1) / pool.width)
  }

  /// Runs the operation. `input` is [height][width][inputChannels]; `output` is [height][width][channelStride], of which this layer
  /// writes its channels at `channelOffset`.
  package func apply(
    _ input: UnsafePointer<Int8>, into output: UnsafeMutablePointer<Int8>, channelStride: Int, channelOffset: Int
  ) {
    let size = outputSize
    for y in 0..<size.height {
      for x in 0..<size.width {
        let rows = y * pool.height..<min((y + 1) * pool.height, shape.input.height)
        let columns = x * pool.width..<min((x + 1) * pool.width, shape.input.width)
        let cell = output + (y * size.width + x) * channelStride + channelOffset
        for c in 0..<shape.block.channels {
          cell[c] = pooled(input, rows: rows, columns: columns, channel: c)
        }
      }
    }
  }

  /// One output value: the sum over the pool's cells, requantised.
  private func pooled(_ input: UnsafePointer<Int8>, rows: Range<Int>, columns: Range<Int>, channel c: Int) -> Int8 {
    var sum: Int32 = 0
    for row in rows {
      for column in columns {
        let acc = accumulate(input, row: row, column: column, channel: c)
        if !isPReLU {
          sum += max(acc, 0)
          continue
        }
        let multiplier = acc < 0 ? negativeMultipliers[c] : multipliers[c]
        sum += Requantisation.roundedToInteger(Float(acc) * multiplier)
        if hasResidual {
          let own = Int32(input[row * shape.input.width + column]) - inputZeroPoint
          sum += Requantisation.roundedToInteger(Float(own) * residualMultiplier)
        }
      }
    }
    let count = Float(rows.count * columns.count)
    let scale = isPReLU ? 1 / (Requantisation.gridSteps * count) : multipliers[c] / count
    return Requantisation.requantise(sum, scale: scale, zeroPoint: outputZeroPoint)
  }

  /// The convolution at one cell, for one output channel.
  private func accumulate(_ input: UnsafePointer<Int8>, row: Int, column: Int, channel c: Int) -> Int32 {
    let (kernel, inputs) = (shape.block.kernel, shape.inputChannels)
    var acc = biases[c]
    weights.withUnsafeBufferPointer { weights in
      for ky in 0..<kernel.height {
        let y = row + ky - kernel.height / 2
        guard y >= 0, y < shape.input.height else { continue }
        for kx in 0..<kernel.width {
          let x = column + kx - kernel.width / 2
          guard x >= 0, x < shape.input.width else { continue }
          let w = weights.baseAddress! + ((c * kernel.height + ky) * kernel.width + kx) * inputs
          let q = input + (y * shape.input.width + x) * inputs
          // Wrapping operators because the bound is proved (QuantisedModel+Limits), and so that the compiler can vectorise.
          for i in 0..<inputs { acc &+= (Int32(q[i]) &- inputZeroPoint) &* Int32(w[i]) }
        }
      }
    }
    return acc
  }
}
