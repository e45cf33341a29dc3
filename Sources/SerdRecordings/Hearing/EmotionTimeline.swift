import SerdDetection
import SerdNetwork
import SerdPipeline

/// An emotion in a recording, as the daemon would have told it.
package struct EmotionStretch: Equatable, Sendable {
  /// Of the model's labels.
  package let label: String
  /// Mean of the smoothed probability over the emotion.
  package let confidence: Double
  /// In seconds from the start of the recording.
  package let start: Double
  /// Not before `start`, nor after the end of the recording.
  package let end: Double

  /// An emotion.
  package init(label: String, confidence: Double, start: Double, end: Double) {
    self.label = label
    self.confidence = confidence
    self.start = start
    self.end = end
  }

  /// As `anger 83 %`.
  var caption: String { "\(label) \(Int((confidence * 100).rounded())) %" }
}

/// Finds the emotions of a recording, by the tracker that the daemon has, window by window.
///
/// Not safe to share between threads. Not here: labels that make no events, such as neutral.
package struct EmotionTimeline {
  private let labels: [String]
  private let windowSeconds: Double
  private var tracker: EmotionTracker
  private var stretches: [EmotionStretch] = []

  /// A recording at its start.
  package init(settings: EmotionTracker.Settings, description: ModelDescription) {
    labels = description.labels
    windowSeconds = description.windowSeconds
    tracker = EmotionTracker(settings: settings, labels: settings.labels(labels), windowSeconds: windowSeconds)
  }

  /// Takes the next window.
  package mutating func hear(_ window: WindowResult) {
    let hop = Hop(
      end: window.start + windowSeconds, probabilities: window.probabilities, level: window.level,
      speechRatio: window.openShare, novelty: window.novelty ?? 0)
    if let ended = tracker.update(hop).ended { add(ended) }
  }

  /// The emotions of the whole recording, in order.
  package mutating func finish(duration: Double) -> [EmotionStretch] {
    if let ended = tracker.close(at: duration) { add(ended) }
    // The window of a clip is longer than the clip.
    return stretches.compactMap { stretch in
      guard stretch.start < duration else { return nil }
      return EmotionStretch(
        label: stretch.label, confidence: stretch.confidence, start: stretch.start, end: min(stretch.end, duration))
    }
  }

  private mutating func add(_ decision: EmotionDecision) {
    guard let end = decision.end, end > decision.start else { return }
    stretches.append(
      EmotionStretch(
        label: labels[decision.label], confidence: Double(decision.confidence), start: decision.start, end: end))
  }
}

/// As `1:02:03`, `2:03`, or `0:01.5` where tenths count.
func clock(_ seconds: Double, tenths: Bool = false) -> String {
  let whole = Int(seconds)
  func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
  let time =
    whole < 3600
    ? "\(whole / 60):\(two(whole % 60))" : "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  let rest = Int(seconds * 10) % 10
  return tenths || (seconds < 60 && rest != 0) ? "\(time).\(rest)" : time
}
