import CTrainingKernels
import SerdNetwork

/// One parallel path: one-channel convolution, batch norm, activation, residual and pool, writing its channels of the
/// concatenated output.
///
/// Nothing is kept between forward and backward but the moments of the patches. Forward folds the batch norm into the
/// weights, so that one matrix product gives z, and pools it while it is in the cache. Backward recomputes z in the
/// same way, turns it into dz, and takes one product G = patches · dz. Everything else follows from G and the moments
/// M: with y = wᵀp + b and p the patch, Σ dz·y = wᵀG + bΣdz, and dy = k·dz + l·y + m gives dw = k·G + l·(M·w + b·Σp) +
/// m·Σp.
final class PathStage {
  let shape: LayerShape
  let table: ParameterTable.Block
  let firstChannel: Int
  let patches: PathPatches
  let activation: PooledActivation
  let hasResidual: Bool
  let rowsAtOnce: Int
  private let kernels = TrainingKernels.best.table
  private(set) var statistics: BatchStatistics
  /// Weights with the batch norm folded in, taps × channels; the last row is the shift.
  private let folded = Buffer<Float>()
  private let moments = Buffer<Double>()
  private let products = Buffer<Double>()
  private let slopes = Buffer<Double>()

  var channels: Int { shape.block.channels }

  init(shape: LayerShape, table: ParameterTable.Block, firstChannel: Int, hasResidual: Bool) {
    self.shape = shape
    self.table = table
    self.firstChannel = firstChannel
    self.hasResidual = hasResidual
    patches = PathPatches(height: shape.input.height, width: shape.input.width, kernel: shape.block.kernel)
    activation = PooledActivation(
      width: shape.input.width, channels: shape.block.channels, pool: shape.block.pool)
    let poolHeight = activation.pool.height
    rowsAtOnce = max(1, PathWorkspace.rows / poolHeight) * poolHeight
    statistics = BatchStatistics(channels: shape.block.channels)
    folded.reserve(patches.taps * channels)
    moments.reserve(ImageGroups.count * patches.taps * patches.taps)
    products.reserve(ImageGroups.count * patches.taps * channels)
    slopes.reserve(ImageGroups.count * channels)
  }

  /// Prepares a worker's scratch memory.
  func reserve(_ workspace: PathWorkspace) {
    workspace.reserve(taps: patches.taps, rows: rowsAtOnce, width: shape.input.width, channels: channels)
  }

  // MARK: Forward

  /// Forgets the moments of the batch before.
  func clearMoments() { moments.clear() }

  /// Adds an image to its group's moments.
  func addMoments(_ image: UnsafePointer<Float>, group: Int, _ workspace: PathWorkspace) {
    forEachChunk { rows in
      patches.fill(workspace.patches.base, image: image, rows: rows)
      patches.addMoments(
        of: workspace.patches.base, pixels: rows.count * shape.input.width, wide: workspace.wide.base,
        to: moments.base + group * patches.taps * patches.taps)
    }
  }

  /// Takes mean and variance from the moments of all groups.
  func finishMoments(
    parameters: UnsafePointer<Float>, running: UnsafeMutablePointer<Float>, epsilon: Float
  ) {
    let (taps, m) = (patches.taps, moments.base)
    for group in 1..<ImageGroups.count {
      for i in 0..<taps * taps { m[i] += m[group * taps * taps + i] }
    }
    let count = m[taps * taps - 1]
    statistics.count = count
    var covariance = [Double](repeating: 0, count: (taps - 1) * (taps - 1))
    for i in 0..<taps - 1 {
      for j in 0..<taps - 1 {
        covariance[i * (taps - 1) + j] =
          m[i * taps + j] / count - m[i * taps + taps - 1] / count * (m[j * taps + taps - 1] / count)
      }
    }
    for channel in 0..<channels {
      var mean = table.bias.map { Double(parameters[$0 + channel]) } ?? 0
      var variance = 0.0
      for i in 0..<taps - 1 {
        let weight = Double(parameters[table.weight + i * channels + channel])
        mean += weight * m[i * taps + taps - 1] / count
        for j in 0..<taps - 1 {
          variance +=
            weight * covariance[i * (taps - 1) + j] * Double(parameters[table.weight + j * channels + channel])
        }
      }
      statistics.setBatch(
        channel: channel, mean: mean, variance: max(0, variance), epsilon: epsilon,
        runningMean: &running[table.runningMean + channel],
        runningVariance: &running[table.runningVariance + channel])
    }
    fold(parameters)
  }

  /// Takes mean and variance from the running statistics.
  func useRunningStatistics(
    parameters: UnsafePointer<Float>, running: UnsafePointer<Float>, epsilon: Float
  ) {
    for channel in 0..<channels {
      statistics.setRunning(
        channel: channel, mean: running[table.runningMean + channel],
        variance: running[table.runningVariance + channel], epsilon: epsilon)
    }
    fold(parameters)
  }

  private func fold(_ parameters: UnsafePointer<Float>) {
    let taps = patches.taps
    for channel in 0..<channels {
      let (scale, shift) = statistics.affine(
        channel: channel, gain: parameters[table.gain + channel], offset: parameters[table.offset + channel])
      for i in 0..<taps - 1 {
        let index = i * channels + channel
        folded.base[index] = Float(scale * Double(parameters[table.weight + index]))
      }
      let bias = table.bias.map { Double(parameters[$0 + channel]) } ?? 0
      folded.base[(taps - 1) * channels + channel] = Float(scale * bias + shift)
    }
  }

  /// Writes this path's channels of one image's pooled output.
  func forward(
    _ image: UnsafePointer<Float>, parameters: UnsafePointer<Float>, into output: ImageStack, index: Int,
    _ workspace: PathWorkspace
  ) {
    let (poolHeight, width) = (activation.pool.height, shape.input.width)
    forEachChunk { rows in
      computeZ(image, rows, workspace)
      if hasResidual { poolInput(image + rows.lowerBound * width, rows: rows.count, into: workspace.residual.base) }
      activation.forward(
        workspace.z.base, rows: rows.count, affine: nil, slope: table.slope.map { parameters + $0 },
        residual: hasResidual ? workspace.residual.base : nil,
        into: output.image(index) + rows.lowerBound / poolHeight * output.rowStride + firstChannel, .init(output))
    }
  }

  private func computeZ(_ image: UnsafePointer<Float>, _ rows: Range<Int>, _ workspace: PathWorkspace) {
    let pixels = rows.count * shape.input.width
    patches.fill(workspace.patches.base, image: image, rows: rows)
    kernels.product(
      workspace.patches.base, 1, Int64(pixels), folded.base, Int64(channels), workspace.z.base, Int64(channels),
      Int32(pixels), Int32(channels), Int32(patches.taps), 0)
  }

  /// Average pool of some rows of the one-channel input: the residual of all channels.
  private func poolInput(_ input: UnsafePointer<Float>, rows: Int, into pooled: UnsafeMutablePointer<Float>) {
    let (width, pool) = (shape.input.width, activation.pool)
    for top in stride(from: 0, to: rows, by: pool.height) {
      let valid = min(pool.height, rows - top)
      for cell in 0..<activation.pooledWidth {
        let columns = cell * pool.width..<min(width, (cell + 1) * pool.width)
        var sum: Float = 0
        for row in top..<top + valid {
          for column in columns { sum += input[row * width + column] }
        }
        pooled[top / pool.height * activation.pooledWidth + cell] = sum / Float(valid * columns.count)
      }
    }
  }

  private func forEachChunk(_ body: (Range<Int>) -> Void) {
    for first in stride(from: 0, to: shape.input.height, by: rowsAtOnce) {
      body(first..<min(first + rowsAtOnce, shape.input.height))
    }
  }

  // MARK: Backward

  /// Forgets the sums of the step before.
  func clearProducts() {
    products.clear()
    slopes.clear()
  }

  /// Adds one image to its group's G and slope gradients.
  func backward(
    _ image: UnsafePointer<Float>, parameters: UnsafePointer<Float>, outputGradient: ImageStack, index: Int,
    group: Int, _ workspace: PathWorkspace
  ) {
    let (poolHeight, width, taps) = (activation.pool.height, shape.input.width, patches.taps)
    let slopeSums = slopes.base + group * channels
    let productSums = products.base + group * taps * channels
    forEachChunk { rows in
      computeZ(image, rows, workspace)
      activation.backward(
        workspace.z.base, rows: rows.count, slope: table.slope.map { parameters + $0 }, slopeGradient: slopeSums,
        outputGradient: outputGradient.image(index) + rows.lowerBound / poolHeight * outputGradient.rowStride
          + firstChannel, .init(outputGradient))
      let pixels = rows.count * width
      // A few rows at a time, and the rest in double: float would lose what the mean's share cancels.
      for first in stride(from: 0, to: pixels, by: PathWorkspace.rowsInFloat * width) {
        kernels.product(
          workspace.patches.base + first, Int64(pixels), 1, workspace.z.base + first * channels, Int64(channels),
          workspace.products.base, Int64(channels), Int32(taps), Int32(channels),
          Int32(min(PathWorkspace.rowsInFloat * width, pixels - first)), 0)
        for i in 0..<taps * channels { productSums[i] += Double(workspace.products.base[i]) }
      }
    }
  }

  /// The gradients of all of the path's parameters, from the groups' sums.
  func finishBackward(parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>) {
    let (taps, m, g) = (patches.taps, moments.base, products.base)
    for group in 1..<ImageGroups.count {
      for i in 0..<taps * channels { g[i] += g[group * taps * channels + i] }
      for i in 0..<channels { slopes.base[i] += slopes.base[group * channels + i] }
    }
    for channel in 0..<channels {
      func weight(_ tap: Int) -> Double {
        if tap < taps - 1 { return Double(parameters[table.weight + tap * channels + channel]) }
        return table.bias.map { Double(parameters[$0 + channel]) } ?? 0
      }
      var sumWithValue = 0.0
      for tap in 0..<taps { sumWithValue += weight(tap) * g[tap * channels + channel] }
      let result = statistics.backward(
        channel: channel, gain: parameters[table.gain + channel], sum: g[(taps - 1) * channels + channel],
        sumWithValue: sumWithValue)
      gradients[table.gain + channel] = Float(result.gainGradient)
      gradients[table.offset + channel] = Float(result.offsetGradient)
      for tap in 0..<taps - 1 {
        var patchTimesValue = 0.0
        for other in 0..<taps { patchTimesValue += m[tap * taps + other] * weight(other) }
        gradients[table.weight + tap * channels + channel] = Float(
          result.onGradient * g[tap * channels + channel] + result.onValue * patchTimesValue
            + result.constant * m[tap * taps + taps - 1])
      }
      if let bias = table.bias { gradients[bias + channel] = Float(result.biasGradient) }
      if let slope = table.slope { gradients[slope + channel] = Float(slopes.base[channel]) }
    }
  }
}
