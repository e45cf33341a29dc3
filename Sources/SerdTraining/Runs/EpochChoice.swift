/// The epoch that was chosen in a fold, and the float network's accuracy then, as fractions. Under protocol `paper` the
/// validation set is the test fold.
package struct EpochChoice: Codable, Equatable, Sendable {
  /// From 1.
  package let epoch: Int
  /// Share of right decisions on training and validation recordings together.
  package let whole: Double
  /// On the training recordings, as they are, without augmentation.
  package let training: Double
  /// On the recordings that chose.
  package let validation: Double
}
