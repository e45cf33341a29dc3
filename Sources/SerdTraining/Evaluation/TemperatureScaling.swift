import Foundation
import SerdNetwork

/// One number that makes confidences say how often they are right: logits are divided by the temperature before the
/// softmax (Guo et al. 2017, arXiv 1706.04599). The order of the labels stays, so no decision changes.
///
/// Fit it on speakers that the network was not trained on and is not tested on: on those it was trained on it is always
/// sure.
package enum TemperatureScaling {
  /// The temperature with the least negative log-likelihood of the true labels, within `ModelDescription.temperatures`.
  ///
  /// Decisions without speech have no probabilities and are left out. The likelihood has one maximum; golden-section
  /// search on the logarithm finds it to a thousandth.
  ///
  /// - Returns: 1 if there is no decision.
  package static func temperature(of decisions: [Decision]) -> Float {
    let heard = decisions.filter { !$0.probabilities.isEmpty }
    guard !heard.isEmpty else { return 1 }
    let logits = heard.map { $0.probabilities.map { log(max(Double($0), 1e-30)) } }
    func loss(_ logTemperature: Double) -> Double {
      let factor = exp(-logTemperature)
      return zip(logits, heard).reduce(0) { sum, pair in
        let scaled = pair.0.map { $0 * factor }
        let largest = scaled.max()!
        return sum + largest + log(scaled.reduce(0) { $0 + exp($1 - largest) }) - scaled[pair.1.truth]
      }
    }
    let ratio = (5.0.squareRoot() - 1) / 2
    let limits = ModelDescription.temperatures
    var (low, high) = (log(Double(limits.lowerBound)), log(Double(limits.upperBound)))
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (leftLoss, rightLoss) = (loss(left), loss(right))
    while high - low > 1e-4 {
      if leftLoss <= rightLoss {
        (high, right, rightLoss) = (right, left, leftLoss)
        left = high - ratio * (high - low)
        leftLoss = loss(left)
      } else {
        (low, left, leftLoss) = (left, right, rightLoss)
        right = low + ratio * (high - low)
        rightLoss = loss(right)
      }
    }
    return min(limits.upperBound, max(limits.lowerBound, Float(exp((low + high) / 2))))
  }

  /// The decisions as a temperature makes them: probabilities to the power of 1 / temperature, summing to 1 again. For
  /// decisions of one window.
  package static func scaled(_ decisions: [Decision], by temperature: Float) -> [Decision] {
    decisions.map { decision in
      var scaled = decision
      scaled.probabilities = decision.probabilities.map { log(max($0, 1e-30)) }
      if !scaled.probabilities.isEmpty { Softmax.apply(&scaled.probabilities, temperature: temperature) }
      return scaled
    }
  }
}
