/// What was heard in one window, before smoothing and thresholds. The fields are those of `serd --once --json
/// --windows`, and when it was.
public struct WindowEvent: Codable, Equatable, Sendable {
  /// Seconds of sound before the window, since the daemon started or since the last gap, as the pipeline counts them.
  public var startSeconds: Double
  /// When the window's first sample was heard.
  public var start: Timestamp
  /// When its last sample was heard.
  public var end: Timestamp
  /// Whether there was enough speech for the model to be asked.
  public var speech: Bool
  /// The likeliest label; null without speech.
  @Nullable public var label: String?
  /// Its probability; null without speech.
  @Nullable public var confidence: Double?
  /// The model's answer by label; null without speech.
  @Nullable public var probabilities: [String: Double]?
  /// Level of the window's loudest parts, in dBFS.
  public var level: Double
  /// Share of the window in which the speech gate was open, 0 to 1.
  public var speechRatio: Double

  /// The parts; `probabilities` are in the labels' order, nil without speech. Numbers are rounded for output.
  public init(
    startSeconds: Double, start: Timestamp, end: Timestamp, labels: [String], probabilities: [Float]?, level: Double,
    speechRatio: Double
  ) {
    self.startSeconds = Rounded.share(startSeconds)
    self.start = start
    self.end = end
    let values = probabilities?.map { Rounded.share(Double($0)) }
    let best = values.flatMap { p in p.indices.max { p[$0] < p[$1] } }
    speech = best != nil
    label = best.map { labels[$0] }
    confidence = best.map { values![$0] }
    self.probabilities = values.map { Dictionary(uniqueKeysWithValues: zip(labels, $0)) }
    self.level = Rounded.level(level)
    self.speechRatio = Rounded.share(speechRatio)
  }

  private enum CodingKeys: String, CodingKey {
    case start, end, speech, label, confidence, probabilities
    case startSeconds = "start_s"
    case level = "level_dbfs"
    case speechRatio = "speech_ratio"
  }
}
