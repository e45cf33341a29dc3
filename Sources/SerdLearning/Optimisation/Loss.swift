import Foundation

/// A loss on logits, averaged over the batch, with its gradient.
///
/// With target distribution t and probabilities p = softmax(logits), per sample:
/// - cross-entropy: -Σ tₖ ln pₖ;
/// - focal (Lin et al. 2017, arXiv 1708.02002): -Σ tₖ (1 - pₖ)^γ ln pₖ. With γ = 0 it is the cross-entropy.
///
/// Cost is nothing beside the network's; computed in double.
package enum Loss: Codable, Equatable, Sendable {
  case crossEntropy
  case focal(gamma: Double)

  /// A batch's loss and its gradient.
  package struct Value: Equatable, Sendable {
    /// Weighted mean over the samples.
    package var loss: Double
    /// Gradient of `loss` with respect to the logits, samples × classes.
    package var logitGradients: [Float]
  }

  /// The loss against one correct class per sample.
  ///
  /// `weights`, one per sample and not negative, make the mean Σ w·loss / Σ w; nil is 1 each.
  package func evaluate(logits: [Float], labels: [Int], classes: Int, weights: [Float]? = nil) -> Value {
    var targets = [Float](repeating: 0, count: labels.count * classes)
    for (sample, label) in labels.enumerated() {
      precondition((0..<classes).contains(label), "label \(label) is not one of \(classes) classes")
      targets[sample * classes + label] = 1
    }
    return evaluate(logits: logits, targets: targets, classes: classes, weights: weights)
  }

  /// The loss against a target distribution per sample (samples × classes; each row sums to 1): mix-up, label
  /// smoothing, annotators' votes.
  package func evaluate(logits: [Float], targets: [Float], classes: Int, weights: [Float]? = nil) -> Value {
    precondition(logits.count == targets.count, "\(targets.count) targets for \(logits.count) logits")
    let samples = logits.count / classes
    precondition(weights.map { $0.count == samples } ?? true, "one weight per sample is needed")
    let weightSum = weights?.reduce(0.0) { $0 + Double($1) } ?? Double(samples)
    precondition(weightSum > 0, "the weights of a batch sum to \(weightSum)")
    let logProbabilities = LogSoftmax.of(logits, classes: classes)
    var value = Value(loss: 0, logitGradients: Array(repeating: 0, count: logits.count))
    for sample in 0..<samples {
      let row = sample * classes..<(sample + 1) * classes
      let weight = Double(weights?[sample] ?? 1) / weightSum
      // h[k] = p[k] · d(loss)/d(p[k]); the softmax then gives h[j] - p[j] Σ h.
      var sum = 0.0
      for i in row where targets[i] != 0 {
        let term = term(logProbability: logProbabilities[i])
        value.loss += weight * Double(targets[i]) * term.loss
        sum += Double(targets[i]) * term.slope
      }
      for i in row {
        let own = targets[i] == 0 ? 0 : Double(targets[i]) * term(logProbability: logProbabilities[i]).slope
        value.logitGradients[i] = Float(weight * (own - exp(logProbabilities[i]) * sum))
      }
    }
    return value
  }

  /// -(1 - p)^γ ln p, and p times its derivative by p.
  private func term(logProbability: Double) -> (loss: Double, slope: Double) {
    switch self {
    case .crossEntropy: return (-logProbability, -1)
    case .focal(let gamma):
      let rest = -expm1(logProbability)
      // For a certain prediction the limit is 0 for every γ > 0; the formula would be 0 · ∞ for γ < 1.
      guard rest > 0 else { return (0, gamma == 0 ? -1 : 0) }
      let power = pow(rest, gamma)
      let slope = gamma * exp(logProbability) * power / rest * logProbability - power
      return (-power * logProbability, slope)
    }
  }
}
