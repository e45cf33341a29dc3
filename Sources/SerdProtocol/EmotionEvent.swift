/// An emotion began or ended: two lines with the same `id`.
public struct EmotionEvent: Codable, Equatable, Sendable {
  /// Which of the two.
  public enum Phase: String, Codable, Sendable { case begin, end }
  /// Begin or end.
  public var phase: Phase
  /// The same in both lines, and no other's: `EmotionIDs` makes them.
  public var id: String
  /// One of `hello`'s labels.
  public var label: String
  /// Its smoothed probability: at the decision in `begin`, the mean over the emotion in `end`.
  public var confidence: Double
  /// Smoothed probabilities of all labels: at the decision in `begin`, their means in `end`.
  public var probabilities: [String: Double]
  /// When the emotion began in the sound, which is before it was decided.
  public var start: Timestamp
  /// When it ended; null in `begin`.
  @Nullable public var end: Timestamp?
  /// Level of the speech, in dBFS.
  public var level: Double
  /// Share of the time in which the speech gate was open, 0 to 1.
  public var speechRatio: Double

  /// The end of an emotion if it has one, else its begin. `label` is one of `probabilities`. Numbers are rounded for
  /// output.
  public init(
    id: String, label: String, probabilities: [String: Double], start: Timestamp, end: Timestamp? = nil,
    level: Double, speechRatio: Double
  ) {
    phase = end == nil ? .begin : .end
    self.id = id
    self.label = label
    confidence = Rounded.share(probabilities[label] ?? 0)
    self.probabilities = probabilities.mapValues(Rounded.share)
    self.start = start
    self.end = end
    self.level = Rounded.level(level)
    self.speechRatio = Rounded.share(speechRatio)
  }

  private enum CodingKeys: String, CodingKey {
    case phase, id, label, confidence, probabilities, start, end
    case level = "level_dbfs"
    case speechRatio = "speech_ratio"
  }
}
