/// Measures of the float network after an epoch, on the recordings that choose the epoch.
package struct EpochValidation: Codable, Equatable, Sendable {
  /// Share of right decisions: what chooses.
  package let weightedAccuracy: Double
  /// Mean recall of the classes.
  package let unweightedAccuracy: Double
  /// F1 weighted by occurrences.
  package let weightedF1: Double
  /// Mean F1 of the classes.
  package let macroF1: Double
  /// Mean cross-entropy, without label smoothing.
  package let crossEntropy: Double
  /// Mean focal loss, with the recipe's γ, or 2 as the original code has it.
  package let focal: Double
}
