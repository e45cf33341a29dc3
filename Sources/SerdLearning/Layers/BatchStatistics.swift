/// Batch normalisation of one block (Ioffe and Szegedy 2015, arXiv 1502.03167): the arithmetic per channel, in double.
///
/// z = gain·(y - mean)/sqrt(variance + epsilon) + offset. The passes over pixels are the stages'; this is what happens
/// once per channel and step.
package struct BatchStatistics {
  /// Whether mean and deviation are the running ones: constants, which no gradient goes through.
  package private(set) var isRunning = false
  /// Pixels that the batch statistics are taken over.
  package var count = 0.0
  package var mean: [Double]
  /// 1 / sqrt(variance + epsilon), the biased variance of the batch, or the running one.
  package var inverseDeviation: [Double]

  package init(channels: Int) {
    mean = Array(repeating: 0, count: channels)
    inverseDeviation = Array(repeating: 0, count: channels)
  }

  /// Weight of the new batch in the running statistics (PyTorch's default).
  package static let momentum: Float = 0.1

  /// Takes a channel's batch statistics and moves its running ones, with PyTorch's unbiased variance.
  package mutating func setBatch(
    channel: Int, mean: Double, variance: Double, epsilon: Float,
    runningMean: inout Float, runningVariance: inout Float
  ) {
    isRunning = false
    self.mean[channel] = mean
    inverseDeviation[channel] = 1 / (variance + Double(epsilon)).squareRoot()
    let unbiased = count > 1 ? variance * count / (count - 1) : variance
    runningMean += Self.momentum * (Float(mean) - runningMean)
    runningVariance += Self.momentum * (Float(unbiased) - runningVariance)
  }

  /// Takes a channel's running statistics, for evaluation and for training with frozen ones.
  package mutating func setRunning(channel: Int, mean: Float, variance: Float, epsilon: Float) {
    isRunning = true
    self.mean[channel] = Double(mean)
    inverseDeviation[channel] = 1 / (Double(variance) + Double(epsilon)).squareRoot()
  }

  /// z = scale·y + shift.
  package func affine(channel: Int, gain: Float, offset: Float) -> (scale: Double, shift: Double) {
    let scale = Double(gain) * inverseDeviation[channel]
    return (scale, Double(offset) - scale * mean[channel])
  }

  /// Gradients of gain, offset and the bias before it from Σ dz and Σ dz·y, and the coefficients of dy = onGradient·dz
  /// + onValue·y + constant.
  package func backward(channel: Int, gain: Float, sum: Double, sumWithValue: Double) -> Backward {
    let inverse = inverseDeviation[channel]
    let gainGradient = inverse * (sumWithValue - mean[channel] * sum)
    let onGradient = Double(gain) * inverse
    if isRunning {
      return Backward(
        gainGradient: gainGradient, offsetGradient: sum, biasGradient: onGradient * sum, onGradient: onGradient,
        onValue: 0,
        constant: 0)
    }
    let onValue = -onGradient * inverse * gainGradient / count
    // A bias before batch norm changes nothing: the batch's mean takes it out again.
    return Backward(
      gainGradient: gainGradient, offsetGradient: sum, biasGradient: 0, onGradient: onGradient, onValue: onValue,
      constant: -onGradient * sum / count - onValue * mean[channel])
  }

  /// What `backward` gives for one channel.
  package struct Backward {
    package var gainGradient, offsetGradient, biasGradient, onGradient, onValue, constant: Double
  }
}
