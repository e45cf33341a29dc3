import Foundation

/// Takes the training recordings' class frequencies out of a finished network: Menon et al. 2021, "Long-tail learning
/// via logit adjustment", arXiv 2007.07314, eq. 9.
///
/// A network learns p(class | sound), in which a class that was often drawn has a head start: of the sounds between two
/// classes it gets more than half. Without that the mean recall (UA) is best, and an emotion is not heard because a
/// corpus has more of it. The last layer's bias takes it up, so nothing is different in use. Known are the occurrences
/// in training alone.
package struct LogitAdjustment: Sendable {
  /// What each class's logit gains; they sum to 0. A class without recordings gains nothing.
  package let offsets: [Float]

  /// - Parameters:
  ///   - strength: τ in -τ · ln(occurrences): 1 for recordings drawn as they come, 1 - b if classes were drawn with
  ///     `classBalance` b.
  ///   - occurrences: training recordings of each class.
  package init(strength: Double, occurrences: [Int]) {
    let logarithms = occurrences.filter { $0 > 0 }.map { log(Double($0)) }
    let mean = logarithms.reduce(0, +) / Double(max(1, logarithms.count))
    offsets = occurrences.map { $0 > 0 ? Float(strength * (mean - log(Double($0)))) : 0 }
  }

  /// Adds the offsets to the last layer's bias, or takes them away again.
  package func apply(to network: TrainableNetwork, reversed: Bool = false) {
    for (index, offset) in offsets.enumerated() {
      network.parameters[network.table.headBias + index] += reversed ? -offset : offset
    }
  }
}
