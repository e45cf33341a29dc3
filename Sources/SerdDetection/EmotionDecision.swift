/// That an emotion began or ended. Every `began` is followed by exactly one `ended` with its id.
public struct EmotionDecision: Equatable, Sendable {
  /// Which of the two it is.
  public enum Kind: Equatable, Sendable {
    case began
    case ended
  }

  /// Whether the emotion began or ended.
  public var kind: Kind
  /// Counts the emotions of a tracker from 1.
  public var id: UInt64
  /// Index of the emotion's label.
  public var label: Int
  /// Smoothed probability of the label: at the decision for `began`, the mean over the emotion for `ended`.
  public var confidence: Float
  /// Smoothed probabilities of all labels: at the decision for `began`, their means over the emotion for `ended`.
  public var probabilities: [Float]
  /// Where the emotion began, in seconds on the stream's time line; before the decision (`EmotionTracker` says how it is found).
  public var start: Double
  /// Where it ended; nil for `began`. Never before `start`.
  public var end: Double?
  /// Mean level in dBFS over the windows with speech since the emotion was decided on.
  public var level: Float
  /// Mean share of speech over the same windows.
  public var speechRatio: Double
}

/// What a hop decided. Where one emotion gives way to another, `ended` comes first.
public struct EmotionDecisions: Equatable, Sendable {
  /// The emotion that ended.
  public var ended: EmotionDecision?
  /// The emotion that began.
  public var began: EmotionDecision?
  /// Neither.
  public static let none = EmotionDecisions()
}
