/// That an emotion began or ended. Every `began` is followed by exactly one `ended` with its id.
package struct EmotionDecision: Equatable, Sendable {
  /// Which of the two it is.
  package enum Kind: Equatable, Sendable {
    case began
    case ended
  }

  /// Whether the emotion began or ended.
  package var kind: Kind
  /// Counts the emotions of a tracker from 1.
  package var id: UInt64
  /// Index of the emotion's label.
  package var label: Int
  /// Smoothed probability of the label: at the decision for `began`, the mean over the emotion for `ended`.
  package var confidence: Float
  /// Smoothed probabilities of all labels: at the decision for `began`, their means over the emotion for `ended`.
  package var probabilities: [Float]
  /// Where the emotion began, in seconds on the stream's time line; before the decision (`EmotionTracker` says how it
  /// is found).
  package var start: Double
  /// Where it ended; nil for `began`. Never before `start`.
  package var end: Double?
  /// Mean level in dBFS over the windows with speech since the emotion was decided on.
  package var level: Float
  /// Mean share of speech over the same windows.
  package var speechRatio: Double
}

/// What a hop decided. Where one emotion gives way to another, `ended` comes first.
package struct EmotionDecisions: Equatable, Sendable {
  /// The emotion that ended.
  package var ended: EmotionDecision?
  /// The emotion that began.
  package var began: EmotionDecision?
  /// Neither.
  package static let none = EmotionDecisions()
}
