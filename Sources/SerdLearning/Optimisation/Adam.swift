/// Adam (Kingma and Ba 2015, arXiv 1412.6980) on a flat parameter vector, step for step as `torch.optim.Adam` and
/// `torch.optim.AdamW` compute it.
///
/// A value: its state (first and second moment, step count) is what a checkpoint stores. The learning rate is given
/// with each step, by a `LearningRateSchedule` or otherwise. Cost of a step: one pass over five vectors.
package struct Adam: Codable, Equatable, Sendable {
  /// How weights are pulled towards 0.
  package enum WeightDecay: Codable, Equatable, Sendable {
    /// decay · parameter is added to the gradient (`torch.optim.Adam`).
    case l2(Float)
    /// learning rate · decay · parameter is subtracted from the parameter (Loshchilov and Hutter 2019, arXiv
    /// 1711.05101).
    case decoupled(Float)
  }

  /// What the weights decay by.
  package var weightDecay: WeightDecay
  /// Decay of the first moment.
  package var beta1: Float = 0.9
  /// Decay of the second moment.
  package var beta2: Float = 0.999
  /// Added to the square root of the second moment.
  package var epsilon: Float = 1e-8
  /// Steps taken.
  package private(set) var steps = 0
  /// First and second moments, for checkpoints.
  package private(set) var first: [Float]
  package private(set) var second: [Float]

  /// An optimiser of `count` parameters that has taken no step.
  package init(count: Int, weightDecay: WeightDecay = .l2(0)) {
    self.weightDecay = weightDecay
    first = Array(repeating: 0, count: count)
    second = Array(repeating: 0, count: count)
  }

  /// Takes up the state of a checkpoint.
  package mutating func restore(steps: Int, first: [Float], second: [Float]) {
    precondition(first.count == self.first.count && second.count == self.second.count, "moments of another network")
    self.steps = steps
    self.first = first
    self.second = second
  }

  /// Moves the parameters against the gradients.
  package mutating func step(_ parameters: inout [Float], gradients: [Float], learningRate: Float) {
    precondition(
      parameters.count == first.count && gradients.count == first.count,
      "the optimiser is for \(first.count) parameters, not \(parameters.count) with \(gradients.count) gradients")
    steps += 1
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    let correction1 = 1 - power(Double(beta1), steps)
    let correction2 = 1 - power(Double(beta2), steps)
    let stepSize = Float(Double(learningRate) / correction1)
    let rootScale = Float(1 / correction2.squareRoot())
    var (l2, keep): (Float, Float) = (0, 1)
    switch weightDecay {
    case .l2(let decay): l2 = decay
    case .decoupled(let decay): keep = 1 - learningRate * decay
    }
    let count = first.count
    parameters.withUnsafeMutableBufferPointer { p in
      gradients.withUnsafeBufferPointer { g in
        first.withUnsafeMutableBufferPointer { m in
          second.withUnsafeMutableBufferPointer { v in
            let (p, g, m, v) = (p.baseAddress!, g.baseAddress!, m.baseAddress!, v.baseAddress!)
            for i in 0..<count {
              let gradient = g[i] + l2 * p[i]
              let mean = m[i] + (1 - beta1) * (gradient - m[i])
              let square = beta2 * v[i] + (1 - beta2) * gradient * gradient
              m[i] = mean
              v[i] = square
              p[i] = keep * p[i] - stepSize * mean / (square.squareRoot() * rootScale + epsilon)
            }
          }
        }
      }
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}
