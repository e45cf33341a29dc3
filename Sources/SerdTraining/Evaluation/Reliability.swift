/// How far confidences can be trusted: decisions sorted by confidence into bins of equal width, and the share that is
/// right in each.
///
/// The confidence is the probability of the predicted label. Recordings in which no speech was heard have none, and are
/// left out; they count as errors in the accuracies.
package struct Reliability: Codable, Equatable, Sendable {
  /// The decisions whose confidence lies in (lower, upper]; those of confidence 0 are in the first.
  package struct Bin: Codable, Equatable, Sendable {
    /// Lower edge.
    package let lower: Double
    /// Upper edge.
    package let upper: Double
    /// Decisions.
    package internal(set) var count = 0
    /// Right ones among them.
    package internal(set) var right = 0
    /// Sum of their confidences.
    package internal(set) var confidenceSum = 0.0

    /// Share of right decisions; nil without any.
    package var accuracy: Double? { count == 0 ? nil : Double(right) / Double(count) }
    /// Mean confidence; nil without any.
    package var confidence: Double? { count == 0 ? nil : confidenceSum / Double(count) }
  }

  /// From the least confident up.
  package private(set) var bins: [Bin]

  /// Bins in use everywhere: with more, a few hundred decisions leave many of them nearly empty.
  package static let binCount = 10

  /// Sorts some decisions.
  package init(decisions: [Decision]) {
    let count = Self.binCount
    bins = (0..<count).map { Bin(lower: Double($0) / Double(count), upper: Double($0 + 1) / Double(count)) }
    for decision in decisions where !decision.probabilities.isEmpty {
      let confidence = Double(decision.probabilities[decision.prediction])
      let index = max(0, min(count - 1, Int((confidence * Double(count)).rounded(.up)) - 1))
      bins[index].count += 1
      bins[index].right += decision.prediction == decision.truth ? 1 : 0
      bins[index].confidenceSum += confidence
    }
  }

  init(sumOf parts: [Reliability]) {
    self.init(decisions: [])
    for part in parts {
      for (index, bin) in part.bins.enumerated() {
        bins[index].count += bin.count
        bins[index].right += bin.right
        bins[index].confidenceSum += bin.confidenceSum
      }
    }
  }

  /// Expected calibration error (ECE; Guo et al. 2017, arXiv 1706.04599): the mean of |accuracy - confidence| over
  /// bins, weighted by their decisions.
  package var expectedCalibrationError: Double {
    let total = bins.reduce(0) { $0 + $1.count }
    let sum = bins.reduce(0) { $0 + abs(Double($1.right) - $1.confidenceSum) }
    return sum / Double(max(1, total))
  }

  /// Mean confidence minus accuracy: positive if the network is too sure of itself.
  package var overconfidence: Double {
    let total = bins.reduce(0) { $0 + $1.count }
    return bins.reduce(0) { $0 + $1.confidenceSum - Double($1.right) } / Double(max(1, total))
  }

  /// The expected calibration error with its interval over speakers.
  package static func errorInterval(_ decisions: [Decision]) -> Interval {
    Interval(
      speakers: decisions.map(\.speaker), items: decisions, count: { Reliability(decisions: $0) },
      sum: { Reliability(sumOf: $0) },
      measure: { $0.expectedCalibrationError })
  }
}
