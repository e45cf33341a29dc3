/// The unit of int8 arithmetic (ARCHITECTURE.md, "Int8 arithmetic"), scalar: convolution, activation, residual, average
/// pool, requantisation.
///
/// **This is the specification** of what every faster kernel must compute, to the bit. For one output cell and channel
/// c:
///
/// 1. For each convolution cell of the pool that lies inside the image,
///    `acc = bias[c] + Σ (q - zeroPoint) · w`, int32, over the taps inside the image: a tap outside contributes
///    nothing.
/// 2. With `m[c] = inputScale · weightScale[c] / outputScale` (float32, in this order of operations):
///    - ReLU: `sum += max(acc, 0)`, and the cell's value is `sum · (m[c] / count)`.
///    - PReLU: `g = acc < 0 ? (16 · m[c]) · slope[c] : 16 · m[c]` and `sum += round(float(acc) · g)`; a path with a
///      residual also adds `round(float(q - zeroPoint) · (16 · inputScale / outputScale))` of the cell's own input; the
///      cell's value is `float(sum) · (1 / (16 · count))`.
///    `count` is the number of pool cells inside the image (odd edges have fewer).
/// 3. `Requantisation.requantise`: round to nearest even, add the output's zero point, clamp to [-128, 127].
///
/// A global average pool is a pool as large as the image. `QuantisedModel+Limits` proves that no step overflows.
/// The reference and the fallback, not the fast path (`SerdBenchmarks inference` measures it).
package struct FusedConvolution: Sendable {
  private let shape: LayerShape
  private let pool: NetworkArchitecture.Extent
  private let inputZeroPoint: Int16
  private let outputZeroPoint: Int32
  private let hasResidual: Bool
  private let isPReLU: Bool
  /// [H][W][I][O]: the innermost loop runs over output channels. Widened, so that it multiplies 16-bit numbers.
  private let weights: [Int16]
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
    inputZeroPoint = Int16(input.zeroPoint)
    outputZeroPoint = Int32(output.zeroPoint)
    isPReLU = model.description.architecture.activation == .prelu
    hasResidual =
      isPReLU && model.description.architecture.hasPathResidual && index < model.description.architecture.paths.count
    weights = Self.outputChannelsLast(model.layers[index].values, shape)
    biases = model.layers[index].biases
    let plain = model.multipliers(layer: index)
    multipliers = isPReLU ? plain.map { Requantisation.gridSteps * $0 } : plain
    negativeMultipliers = isPReLU ? zip(multipliers, model.layers[index].slopes).map { $0 * $1 } : []
    residualMultiplier = Requantisation.gridSteps * input.scale / output.scale
  }

  private static func outputChannelsLast(_ values: [Int8], _ shape: LayerShape) -> [Int16] {
    let (inputs, taps, outputs) = (shape.inputChannels, shape.block.kernel.count, shape.block.channels)
    var result = [Int16](repeating: 0, count: values.count)
    for o in 0..<outputs {
      for i in 0..<inputs {
        for tap in 0..<taps { result[(tap * inputs + i) * outputs + o] = Int16(values[(o * inputs + i) * taps + tap]) }
      }
    }
    return result
  }

  /// Cells of the output: the pooled image, or one for a global pool.
  package var outputSize: NetworkArchitecture.Extent {
    NetworkArchitecture.Extent(
      (shape.input.height + pool.height - 1) / pool.height, (shape.input.width + pool.width - 1) / pool.width)
  }

  /// Runs the operation. `input` is [height][width][inputChannels]; `output` is [height][width][channelStride], of
  /// which this layer writes its channels at `channelOffset`.
  package func apply(
    _ input: UnsafePointer<Int8>, into output: UnsafeMutablePointer<Int8>, channelStride: Int, channelOffset: Int
  ) {
    let size = outputSize
    // On the stack: one accumulator and one pool sum per channel.
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * shape.block.channels) { scratch in
      let accumulators = scratch.baseAddress!
      let sums = accumulators + shape.block.channels
      for y in 0..<size.height {
        for x in 0..<size.width {
          let rows = y * pool.height..<min((y + 1) * pool.height, shape.input.height)
          let columns = x * pool.width..<min((x + 1) * pool.width, shape.input.width)
          sums.initialize(repeating: 0, count: shape.block.channels)
          for row in rows {
            for column in columns {
              accumulate(input, row: row, column: column, into: accumulators)
              activate(accumulators, residual: input[row * shape.input.width + column], into: sums)
            }
          }
          let cell = output + (y * size.width + x) * channelStride + channelOffset
          requantise(sums, count: Float(rows.count * columns.count), into: cell)
        }
      }
    }
  }

  /// Step 1: the convolution at one cell, for all output channels.
  private func accumulate(
    _ input: UnsafePointer<Int8>, row: Int, column: Int, into accumulators: UnsafeMutablePointer<Int32>
  ) {
    let (kernel, inputs, outputs) = (shape.block.kernel, shape.inputChannels, shape.block.channels)
    for c in 0..<outputs { accumulators[c] = biases[c] }
    weights.withUnsafeBufferPointer { weights in
      for ky in 0..<kernel.height {
        let y = row + ky - kernel.height / 2
        guard y >= 0, y < shape.input.height else { continue }
        for kx in 0..<kernel.width {
          let x = column + kx - kernel.width / 2
          guard x >= 0, x < shape.input.width else { continue }
          for i in 0..<inputs {
            let q = Int16(input[(y * shape.input.width + x) * inputs + i]) - inputZeroPoint
            let w = weights.baseAddress! + ((ky * kernel.width + kx) * inputs + i) * outputs
            // |q · w| ≤ 255 · 127 fits in 16 bits, and the sum in 32 (QuantisedModel+Limits): the wrapping operators
            // never wrap, they let the compiler vectorise.
            for c in 0..<outputs { accumulators[c] &+= Int32(q &* w[c]) }
          }
        }
      }
    }
  }

  /// Step 2, up to the sum over the pool.
  private func activate(
    _ accumulators: UnsafePointer<Int32>, residual: Int8, into sums: UnsafeMutablePointer<Int32>
  ) {
    guard isPReLU else {
      for c in 0..<shape.block.channels { sums[c] += max(accumulators[c], 0) }
      return
    }
    let own = hasResidual ? Float(Int32(residual) - Int32(inputZeroPoint)) * residualMultiplier : 0
    let addition = Requantisation.roundedToInteger(own)
    for c in 0..<shape.block.channels {
      let multiplier = accumulators[c] < 0 ? negativeMultipliers[c] : multipliers[c]
      sums[c] += Requantisation.roundedToInteger(Float(accumulators[c]) * multiplier) + addition
    }
  }

  /// Step 2's scale, and step 3.
  private func requantise(_ sums: UnsafePointer<Int32>, count: Float, into cell: UnsafeMutablePointer<Int8>) {
    for c in 0..<shape.block.channels {
      let scale = isPReLU ? 1 / (Requantisation.gridSteps * count) : multipliers[c] / count
      cell[c] = Requantisation.requantise(sums[c], scale: scale, zeroPoint: outputZeroPoint)
    }
  }
}
