import CTrainingKernels
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
  private let kernels = TrainingKernels.best.table
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
    guard training else { return }
    for image in images {
      kernels.moments(
        preactivation.image(image), Int32(shape.input.height), Int32(shape.input.width), Int32(channels),
        sums.base + group * 3 * channels)
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
  func normaliseAndPool(_ images: Range<Int>, parameters: UnsafePointer<Float>) {
    for image in images {
      activation.forward(
        preactivation.image(image), rows: shape.input.height, affine: affine, slope: slope(parameters), residual: nil,
        into: output.image(image), .init(output))
    }
  }

  private var affine: PooledActivation.Affine { .init(scale: scale.base, shift: shift.base) }

  private func slope(_ parameters: UnsafePointer<Float>) -> UnsafePointer<Float>? {
    table.slope.map { parameters + $0 }
  }

  // MARK: Backward

  /// Before the phases. A group without images keeps the zeros.
  func prepareBackward(parameters: UnsafePointer<Float>) {
    sums.clear()
    weightSums.clear()
    convolution.prepareBackward(weights: parameters + table.weight)
  }

  /// First phase: the group's Σ dz, Σ dz·y and slope gradients.
  func sumGradients(_ images: Range<Int>, group: Int, parameters: UnsafePointer<Float>) {
    for image in images {
      activation.addSums(
        preactivation.image(image), rows: shape.input.height, affine: affine, slope: slope(parameters),
        outputGradient: outputGradient.image(image), .init(outputGradient), to: sums.base + group * 3 * channels)
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
    for image in images {
      activation.replaceByGradient(
        preactivation.image(image), rows: shape.input.height, affine: affine, slope: slope(parameters),
        coefficients: coefficients.base, outputGradient: outputGradient.image(image), .init(outputGradient))
    }
    convolution.differentiate(
      preactivation, input: input, images, into: inputGradient,
      weightGradient: weightSums.base + group * convolution.weightCount, workspace)
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
