import SerdDetection

/// Hand-written input for trackers of three labels: anger, sadness, neutral; windows of 2 s every half second.
enum Heard {
  case anger(Float)
  case sadness(Float)
  case neutral(Float)
  /// All labels alike.
  case unclear
  /// A window with this share of speech, not classified.
  case pause(Double)

  static let labels = ["anger", "sadness", "neutral"]
  static let hop = 0.5

  func hop(end: Double) -> Hop {
    switch self {
    case .anger(let p): Hop(end: end, probabilities: Self.rest(p, at: 0), level: -20, speechRatio: 1)
    case .sadness(let p): Hop(end: end, probabilities: Self.rest(p, at: 1), level: -30, speechRatio: 1)
    case .neutral(let p): Hop(end: end, probabilities: Self.rest(p, at: 2), level: -25, speechRatio: 1)
    case .unclear: Hop(end: end, probabilities: [1, 1, 1].map { $0 / 3 }, level: -25, speechRatio: 1)
    case .pause(let ratio): Hop(end: end, probabilities: nil, level: -70, speechRatio: ratio)
    }
  }

  /// `p` for one label, what remains for the other two.
  private static func rest(_ p: Float, at label: Int) -> [Float] {
    (0..<3).map { $0 == label ? p : (1 - p) / 2 }
  }
}

/// Thresholds that are easy to reckon with: no smoothing, half a second of minimum time, any window asked.
func plainSettings() -> EmotionTracker.Settings {
  var settings = EmotionTracker.Settings()
  settings.leastSpeech = 0.3
  settings.smoothingTime = 0.01
  settings.minimumTime = 0.5
  settings.refractoryTime = 0
  settings.longestPause = 2.5
  return settings
}

/// Begin at 0.6, end at 0.4; neutral is no emotion.
func plainLabels() -> [EmotionTracker.Label] {
  Heard.labels.map { EmotionTracker.Label(begin: 0.6, end: 0.4, isReported: $0 != "neutral") }
}

/// A tracker with its decisions and states so far.
struct TrackedSequence {
  var tracker: EmotionTracker
  var decisions: [EmotionDecision] = []
  var states: [EmotionTracker.State] = []
  /// End of the last hop; the first one ends at 2 s.
  var time = 2 - Heard.hop

  init(_ settings: EmotionTracker.Settings = plainSettings(), labels: [EmotionTracker.Label] = plainLabels()) {
    tracker = EmotionTracker(settings: settings, labels: labels, windowSeconds: 2)
  }

  init(
    _ heard: [Heard], settings: EmotionTracker.Settings = plainSettings(),
    labels: [EmotionTracker.Label] = plainLabels()
  ) {
    self.init(settings, labels: labels)
    hear(heard)
  }

  mutating func hear(_ heard: [Heard]) { for one in heard { hear(one.hop(end: time + Heard.hop)) } }

  mutating func hear(_ hop: Hop) {
    time = hop.end
    let made = tracker.update(hop)
    decisions += [made.ended, made.began].compactMap { $0 }
    states.append(tracker.state)
  }

  mutating func close(at time: Double) { decisions += [tracker.close(at: time)].compactMap { $0 } }
}

func times(_ count: Int, _ heard: Heard) -> [Heard] { Array(repeating: heard, count: count) }
