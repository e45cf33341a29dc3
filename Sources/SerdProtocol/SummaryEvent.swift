/// What a minute sounded like.
public struct SummaryEvent: Codable, Equatable, Sendable {
  /// Aroused against calm: what remains true from corpus to corpus.
  public struct Arousal: Codable, Equatable, Sendable {
    /// Share of the speech that was aroused, 0 to 1.
    public var aroused: Double
    /// The rest of it.
    public var calm: Double

    /// Shares of the speech; rounded by whoever makes them.
    public init(aroused: Double, calm: Double) {
      self.aroused = aroused
      self.calm = calm
    }
  }

  /// When the minute began.
  public var start: Timestamp
  /// When it ended.
  public var end: Timestamp
  /// Share of the time in which each emotion was present, all labels and `uncertain`.
  public var emotions: [String: Double]
  /// Share of the time with speech.
  public var speech: Double
  /// Share of the time that was heard and without speech.
  public var silence: Double
  /// Share of the time that was not heard: muted, no device. The three sum to 1.
  public var unheard: Double
  /// Null without speech, or if the model's labels say nothing of arousal.
  @Nullable public var arousal: Arousal?

  /// All of it; shares are rounded by whoever makes them.
  public init(
    start: Timestamp, end: Timestamp, emotions: [String: Double], speech: Double, silence: Double, unheard: Double,
    arousal: Arousal?
  ) {
    self.start = start
    self.end = end
    self.emotions = emotions
    self.speech = speech
    self.silence = silence
    self.unheard = unheard
    self.arousal = arousal
  }
}
