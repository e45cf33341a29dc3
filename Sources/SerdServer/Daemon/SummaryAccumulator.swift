import SerdDetection
import SerdProtocol

/// Adds up what was heard to a `SummaryEvent`. A value without a clock: whoever feeds it decides what a minute is.
package struct SummaryAccumulator: Sendable {
  /// What a stretch of time was.
  package enum Stretch: Sendable {
    /// Speech: the emotion that was present (a label, `uncertain`, or nil) and the model's probabilities in the labels'
    /// order.
    case speech(emotion: String?, probabilities: [Float])
    /// Heard, but no speech.
    case silence
    /// Not heard.
    case unheard
  }

  private let labels: [String]
  /// When the time that is added up began.
  package private(set) var start: Timestamp
  private var seconds: [String: Double] = [:]
  private var (speech, silence, unheard) = (0.0, 0.0, 0.0)
  private var (aroused, calm) = (0.0, 0.0)

  /// Starts at `start`, with the model's labels.
  package init(labels: [String], start: Timestamp) {
    self.labels = labels
    self.start = start
  }

  /// Adds a stretch of so many seconds, a hop usually.
  package mutating func add(_ stretch: Stretch, seconds duration: Double) {
    switch stretch {
    case .silence: silence += duration
    case .unheard: unheard += duration
    case .speech(let emotion, let probabilities):
      speech += duration
      if let emotion { seconds[emotion, default: 0] += duration }
      if let share = SerdDetection.Arousal.aroused(probabilities: probabilities, labels: labels) {
        aroused += duration * Double(share)
        calm += duration * Double(1 - share)
      }
    }
  }

  /// The summary up to `end`, and a new start there. Time that nobody added is unheard.
  package mutating func finish(at end: Timestamp) -> SummaryEvent {
    let total = max(end.seconds - start.seconds, speech + silence + unheard, 1e-9)
    let (speechShare, silenceShare) = (
      Rounded.share(speech / total), Rounded.share(silence / total)
    )
    var shares: [String: Double] = [StateEvent.Emotion.uncertain: 0]
    for label in labels { shares[label] = 0 }
    for (label, duration) in seconds { shares[label] = Rounded.share(duration / total) }
    let arousedShare = Rounded.share(aroused / max(aroused + calm, 1e-9))
    let summary = SummaryEvent(
      start: start, end: end, emotions: shares, speech: speechShare, silence: silenceShare,
      unheard: Rounded.share(1 - speechShare - silenceShare),
      arousal: aroused + calm > 0
        ? SummaryEvent.Arousal(aroused: arousedShare, calm: Rounded.share(1 - arousedShare)) : nil)
    self = SummaryAccumulator(labels: labels, start: end)
    return summary
  }
}
