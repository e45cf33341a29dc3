/// The temperature of one fold's model, found on training speakers, and what it does on the test speaker.
package struct FoldCalibration: Codable, Equatable, Sendable {
  /// The fold's name.
  package let fold: String
  /// The training's seed.
  package let seed: UInt64
  /// Inner trainings.
  package let holdouts: Int
  /// What logits are divided by.
  package let temperature: Float
  /// Training speakers whose confidences it was fitted on, by networks that had not heard them.
  package let heldOut: [String]
  /// Decisions of the calibrated int8 network on the test speakers.
  package let int8: [Decision]

  /// The fold and its seed.
  var id: FoldID { FoldID(seed: seed, fold: fold) }
}
