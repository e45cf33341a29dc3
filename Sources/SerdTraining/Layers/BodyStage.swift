import SerdNetwork

/// One LFLB of the body: convolution, batch norm, activation and pool, forward and backward, on a batch.
///
/// Each step of forward and backward needs sums over the whole batch before it can go on, so a stage has two forward
/// phases (convolve, then normalise and pool) and two backward ones (sum, then differentiate). The network runs the
/// second phase of one stage and the first of the next in one go over the images.
final class BodyStage {
  let shape: LayerShape
  let table: ParameterTable.Block
  let convolution: any BodyConvolution
  let activation: PooledActivation
  let input: ImageStack
  let output: ImageStack
  let inputGradient: ImageStack
  let outputGradient: ImageStack
  /// The convolution's output, kept for backward, which turns it into its gradient.
  let preactivation: ImageStack
  private var statistics: BatchStatistics
  private let scale = Buffer<Float>()
  private let shift = Buffer<Float>()
  private let coefficients = Buffer<Float>()
  private let sums = Buffer<Double>()
  private let weightSums = Buffer<Float>()

  var channels: Int { shape.block.channels }

  init(
    shape: LayerShape, table: ParameterTable.Block, input: ImageStack, output: ImageStack,
    inputGradient: ImageStack, outputGradient: ImageStack
  ) {
    self.shape = shape
    self.table = table
    self.input = input
    self.output = output
    self.inputGradient = inputGradient
    self.outputGradient = outputGradient
    convolution = bodyConvolution(shape)
    activation = PooledActivation(
      width: shape.input.width, channels: shape.block.channels, pool: shape.block.pool)
    preactivation = ImageStack(
      height: shape.input.height, width: shape.input.width, channels: shape.block.channels,
      margin: convolution.margin)
    let channels = shape.block.channels
    statistics = BatchStatistics(channels: channels)
    scale.reserve(channels)
    shift.reserve(channels)
    coefficients.reserve(3 * channels)
    sums.reserve(ImageGroups.count * 3 * channels)
    weightSums.reserve(ImageGroups.count * convolution.weightCount)
  }

  func reserve(images: Int) {
    for stack in [input, output, inputGradient, outputGradient, preactivation] { stack.reserve(images: images) }
  }

  func reserve(_ workspace: BodyWorkspace, images: Int) {
    convolution.reserve(workspace, images: images)
    workspace.rows.reserve(activation.pool.height * preactivation.rowStride)
    workspace.sums.reserve(3 * channels)
  }

  // MARK: Forward

  /// Before the phases.
  func prepareForward(parameters: UnsafePointer<Float>) {
    sums.clear()
    convolution.prepareForward(weights: parameters + table.weight)
  }

  /// First phase: the convolution, and the group's sums of its output in training.
  func convolve(_ images: Range<Int>, group: Int, training: Bool, _ workspace: BodyWorkspace) {
    convolution.forward(input, images, into: preactivation, workspace)
    if training { for image in images { addSums(image, group: group, workspace) } }
  }

  /// Σ y and Σ y² of one image: a row in float, rows in double.
  private func addSums(_ image: Int, group: Int, _ workspace: BodyWorkspace) {
    let channels = channels
    let (sum, square) = (workspace.sums.base, workspace.sums.base + channels)
    for row in 0..<shape.input.height {
      let y = preactivation.image(image) + row * preactivation.rowStride
      sum.update(repeating: 0, count: 2 * channels)
      for x in 0..<shape.input.width {
        let p = y + x * channels
        for i in 0..<channels {
          sum[i] += p[i]
          square[i] += p[i] * p[i]
        }
      }
      let total = sums.base + group * 3 * channels
      for i in 0..<2 * channels { total[i] += Double(sum[i]) }
    }
  }

  /// Between the phases: mean and variance over the batch.
  func finishSums(
    images: Int, parameters: UnsafePointer<Float>, running: UnsafeMutablePointer<Float>, epsilon: Float
  ) {
    reduceSums()
    statistics.count = Double(images * shape.input.count)
    for channel in 0..<channels {
      let mean = sums.base[channel] / statistics.count
      let variance = max(0, sums.base[channels + channel] / statistics.count - mean * mean)
      statistics.setBatch(
        channel: channel, mean: mean + bias(channel, parameters), variance: variance, epsilon: epsilon,
        runningMean: &running[table.runningMean + channel],
        runningVariance: &running[table.runningVariance + channel])
    }
    setAffine(parameters)
  }

  /// Between the phases in evaluation, and in training with frozen statistics.
  func useRunningStatistics(parameters: UnsafePointer<Float>, running: UnsafePointer<Float>, epsilon: Float) {
    for channel in 0..<channels {
      statistics.setRunning(
        channel: channel, mean: running[table.runningMean + channel],
        variance: running[table.runningVariance + channel], epsilon: epsilon)
    }
    setAffine(parameters)
  }

  private func setAffine(_ parameters: UnsafePointer<Float>) {
    for channel in 0..<channels {
      let affine = statistics.affine(
        channel: channel, gain: parameters[table.gain + channel], offset: parameters[table.offset + channel])
      scale.base[channel] = Float(affine.scale)
      shift.base[channel] = Float(affine.shift + affine.scale * bias(channel, parameters))
    }
  }

  /// The convolution's bias: its output is kept without, so whatever speaks of y adds it.
  private func bias(_ channel: Int, _ parameters: UnsafePointer<Float>) -> Double {
    table.bias.map { Double(parameters[$0 + channel]) } ?? 0
  }

  private func reduceSums() {
    for group in 1..<ImageGroups.count {
      for i in 0..<3 * channels { sums.base[i] += sums.base[group * 3 * channels + i] }
    }
  }

  /// Second phase: batch norm, activation, pool.
  func normaliseAndPool(_ images: Range<Int>, parameters: UnsafePointer<Float>, _ workspace: BodyWorkspace) {
    for image in images {
      forEachPooledRow { row, top, rows in
        normalise(preactivation.image(image) + top * preactivation.rowStride, rows: rows, into: workspace.rows.base)
        activation.forward(
          workspace.rows.base, rows: rows, slope: table.slope.map { parameters + $0 }, residual: nil,
          into: output.image(image) + row * output.rowStride, pixelStride: channels)
      }
    }
  }

  private func forEachPooledRow(_ body: (_ row: Int, _ top: Int, _ rows: Int) -> Void) {
    let poolHeight = activation.pool.height
    for row in 0..<shape.output.height {
      body(row, row * poolHeight, min(poolHeight, shape.input.height - row * poolHeight))
    }
  }

  private func normalise(_ y: UnsafePointer<Float>, rows: Int, into z: UnsafeMutablePointer<Float>) {
    let (channels, scale, shift) = (channels, scale.base, shift.base)
    for pixel in 0..<rows * shape.input.width {
      let (p, q) = (y + pixel * channels, z + pixel * channels)
      for i in 0..<channels { q[i] = scale[i] * p[i] + shift[i] }
    }
  }

  // MARK: Backward

  /// Before the phases. A group without images keeps the zeros.
  func prepareBackward(parameters: UnsafePointer<Float>) {
    sums.clear()
    weightSums.clear()
    convolution.prepareBackward(weights: parameters + table.weight)
  }

  /// The gradient with respect to z of one pooled row, into the worker's rows.
  private func gradientRows(
    _ image: Int, row: Int, top: Int, rows: Int, parameters: UnsafePointer<Float>,
    slopeGradient: UnsafeMutablePointer<Float>, _ workspace: BodyWorkspace
  ) {
    normalise(preactivation.image(image) + top * preactivation.rowStride, rows: rows, into: workspace.rows.base)
    activation.backward(
      workspace.rows.base, rows: rows, slope: table.slope.map { parameters + $0 }, slopeGradient: slopeGradient,
      outputGradient: outputGradient.image(image) + row * outputGradient.rowStride, pixelStride: channels)
  }

  /// First phase: the group's Σ dz, Σ dz·y and slope gradients.
  func sumGradients(
    _ images: Range<Int>, group: Int, parameters: UnsafePointer<Float>, _ workspace: BodyWorkspace
  ) {
    let channels = channels
    let (sum, withValue) = (workspace.sums.base, workspace.sums.base + channels)
    for image in images {
      forEachPooledRow { row, top, rows in
        sum.update(repeating: 0, count: 3 * channels)
        gradientRows(
          image, row: row, top: top, rows: rows, parameters: parameters, slopeGradient: sum + 2 * channels, workspace)
        let y = preactivation.image(image) + top * preactivation.rowStride
        for pixel in 0..<rows * shape.input.width {
          let (p, q) = (y + pixel * channels, workspace.rows.base + pixel * channels)
          for i in 0..<channels {
            sum[i] += q[i]
            withValue[i] += q[i] * p[i]
          }
        }
        let total = sums.base + group * 3 * channels
        for i in 0..<3 * channels { total[i] += Double(sum[i]) }
      }
    }
  }

  /// Between the phases: gradients of gain, offset and slope, and the coefficients of dy.
  func finishGradientSums(parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>) {
    reduceSums()
    for channel in 0..<channels {
      let result = statistics.backward(
        channel: channel, gain: parameters[table.gain + channel], sum: sums.base[channel],
        sumWithValue: sums.base[channels + channel] + bias(channel, parameters) * sums.base[channel])
      gradients[table.gain + channel] = Float(result.gainGradient)
      gradients[table.offset + channel] = Float(result.offsetGradient)
      if let slope = table.slope { gradients[slope + channel] = Float(sums.base[2 * channels + channel]) }
      if let bias = table.bias { gradients[bias + channel] = Float(result.biasGradient) }
      coefficients.base[channel] = Float(result.onGradient)
      coefficients.base[channels + channel] = Float(result.onValue)
      coefficients.base[2 * channels + channel] = Float(
        result.constant + result.onValue * bias(channel, parameters))
    }
  }

  /// Second phase: dy in the place of y, from which come the input's gradient and the group's weight gradient.
  func differentiate(
    _ images: Range<Int>, group: Int, parameters: UnsafePointer<Float>, _ workspace: BodyWorkspace
  ) {
    for image in images { replaceByGradient(image, parameters: parameters, workspace) }
    convolution.differentiate(
      preactivation, input: input, images, into: inputGradient,
      weightGradient: weightSums.base + group * convolution.weightCount, workspace)
  }

  private func replaceByGradient(_ image: Int, parameters: UnsafePointer<Float>, _ workspace: BodyWorkspace) {
    let channels = channels
    let (onGradient, onValue) = (coefficients.base, coefficients.base + channels)
    let constant = coefficients.base + 2 * channels
    forEachPooledRow { row, top, rows in
      gradientRows(
        image, row: row, top: top, rows: rows, parameters: parameters,
        slopeGradient: workspace.sums.base + 2 * channels, workspace)
      let y = preactivation.image(image) + top * preactivation.rowStride
      for pixel in 0..<rows * shape.input.width {
        let (p, q) = (y + pixel * channels, workspace.rows.base + pixel * channels)
        for i in 0..<channels { p[i] = onGradient[i] * q[i] + onValue[i] * p[i] + constant[i] }
      }
    }
  }

  /// After the phases: the weights' gradient, summed over the groups.
  func finishBackward(gradients: UnsafeMutablePointer<Float>) {
    let (count, sum) = (convolution.weightCount, gradients + table.weight)
    sum.update(from: weightSums.base, count: count)
    for group in 1..<ImageGroups.count {
      let other = weightSums.base + group * count
      for i in 0..<count { sum[i] += other[i] }
    }
  }
}
