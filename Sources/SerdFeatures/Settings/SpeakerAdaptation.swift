/// That a model's standardisation follows the speech that it hears, and how fast (`RunningStandardisation`).
package struct SpeakerAdaptation: Codable, Equatable, Sendable {
  /// So many frames of speech weigh as much as what is known of the training speakers: 4 s.
  package var priorFrames = 250
  /// After so many frames of speech what was heard before counts half: 2 minutes. Another speaker is followed as fast.
  package var memoryFrames = 7500

  /// The values that the properties start with.
  package init() {}
}
