/// What the daemon tells its clients and its log. PROTOCOL.md, beside this file, has an example of each line;
/// events.schema.json says what is in them.
package enum Event: Equatable, Sendable {
  /// What the daemon does at present. Retained: a new client gets the latest at once.
  case state(StateEvent)
  /// An emotion began or ended.
  case emotion(EmotionEvent)
  /// One window's result; goes only to those who asked for windows.
  case window(WindowEvent)
  /// The last minute.
  case summary(SummaryEvent)
  /// How hearing fares. Retained, but for an overrun, which is over when it is told.
  case health(HealthEvent)

  /// Whether it is one of many: if there is no time for all, windows go first.
  var isWindow: Bool {
    if case .window = self { return true }
    return false
  }

  /// The `type` of its line.
  var type: String {
    switch self {
    case .state: "state"
    case .emotion: "emotion"
    case .window: "window"
    case .summary: "summary"
    case .health: "health"
    }
  }

  /// What is in its line's `data`.
  var data: any Encodable {
    switch self {
    case .state(let data): data
    case .emotion(let data): data
    case .window(let data): data
    case .summary(let data): data
    case .health(let data): data
    }
  }
}

/// An emotion began or ended: two lines with the same `id`.
package struct EmotionEvent: Codable, Equatable, Sendable {
  /// Which of the two.
  package enum Phase: String, Codable, Sendable { case begin, end }
  /// Begin or end.
  package var phase: Phase
  /// The same in both lines, and no other's: `EmotionIDs` makes them.
  package var id: String
  /// One of `hello`'s labels.
  package var label: String
  /// Its smoothed probability: at the decision in `begin`, the mean over the emotion in `end`.
  package var confidence: Double
  /// Smoothed probabilities of all labels: at the decision in `begin`, their means in `end`.
  package var probabilities: [String: Double]
  /// When the emotion began in the sound, which is before it was decided.
  package var start: Timestamp
  /// When it ended; null in `begin`.
  @Nullable package var end: Timestamp?
  /// Level of the speech, in dBFS.
  package var level: Double
  /// Share of the time in which the speech gate was open, 0 to 1.
  package var speechRatio: Double

  /// All of it; numbers are rounded for output.
  package init(
    phase: Phase, id: String, label: String, confidence: Double, probabilities: [String: Double],
    start: Timestamp,
    end: Timestamp? = nil, level: Double, speechRatio: Double
  ) {
    self.phase = phase
    self.id = id
    self.label = label
    self.confidence = Rounded.share(confidence)
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

/// Names of emotion events, unlike any of earlier runs of the daemon as long as the machine's clock goes forward:
/// the time of the start in seconds, in hexadecimal, and a count.
package struct EmotionIDs: Sendable {
  private let run: String
  private var count = 0

  /// Names for a daemon that starts now.
  package init(clock: EventClock) {
    run = String(max(0, clock.realtime()) / 1_000_000_000, radix: 16)
  }

  /// The next name.
  package mutating func next() -> String {
    count += 1
    return "\(run)-\(count)"
  }
}

/// What was heard in one window, before smoothing and thresholds. The fields are those of `serd --once --json --windows`,
/// and when it was.
package struct WindowEvent: Codable, Equatable, Sendable {
  /// Seconds of sound before the window, since the daemon started or since the last gap, as the pipeline counts them.
  package var startSeconds: Double
  /// When the window's first sample was heard.
  package var start: Timestamp
  /// When its last sample was heard.
  package var end: Timestamp
  /// Whether there was enough speech for the model to be asked.
  package var speech: Bool
  /// The likeliest label; null without speech.
  @Nullable package var label: String?
  /// Its probability; null without speech.
  @Nullable package var confidence: Double?
  /// The model's answer by label; null without speech.
  @Nullable package var probabilities: [String: Double]?
  /// Level of the window's loudest parts, in dBFS.
  package var level: Double
  /// Share of the window in which the speech gate was open, 0 to 1.
  package var speechRatio: Double

  /// A window of the pipeline, its labels named, heard from `start` to `end`.
  package init(_ window: WindowResult, labels: [String], start: Timestamp, end: Timestamp) {
    self.init(
      startSeconds: window.start, start: start, end: end, labels: labels, probabilities: window.probabilities,
      level: Double(window.level), speechRatio: window.openShare)
  }

  /// The parts; `probabilities` are in the labels' order, nil without speech. Numbers are rounded for output.
  package init(
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
