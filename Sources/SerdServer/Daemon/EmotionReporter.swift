import SerdDetection
import SerdProtocol

/// What is heard: turns the tracker's decisions into events, and knows the emotion that is present.
struct EmotionReporter {
  private enum Presence {
    /// No speech.
    case quiet
    /// Speech, but no label is sure enough.
    case uncertain(since: Timestamp)
    /// A label that makes no events.
    case unreported(label: Int, since: Timestamp)
    /// An emotion of which this event told the begin.
    case emotion(EmotionEvent)
  }

  private let labels: [String]
  private var tracker: EmotionTracker
  private var ids: EmotionIDs
  private var presence = Presence.quiet

  /// - Parameter labels: those of the model.
  init(settings: EmotionTracker.Settings, labels: [String], windowSeconds: Double, ids: EmotionIDs) {
    self.labels = labels
    self.ids = ids
    tracker = EmotionTracker(settings: settings, labels: settings.labels(labels), windowSeconds: windowSeconds)
  }

  /// The emotion that is present, as states tell it.
  var present: StateEvent.Emotion? {
    switch presence {
    case .quiet: nil
    case .uncertain(let since): StateEvent.Emotion(label: StateEvent.Emotion.uncertain, id: nil, since: since)
    case .unreported(let label, let since): StateEvent.Emotion(label: labels[label], id: nil, since: since)
    case .emotion(let event): StateEvent.Emotion(label: event.label, id: event.id, since: event.start)
    }
  }

  /// Uses other settings from the next hop on.
  mutating func apply(_ settings: EmotionTracker.Settings) {
    tracker.settings = settings
    tracker.labels = settings.labels(labels)
  }

  /// Takes the next hop; returns the events that it makes, in order.
  mutating func update(_ hop: Hop, on timeLine: StreamTimeLine) -> [EmotionEvent] {
    let decisions = tracker.update(hop)
    var events: [EmotionEvent] = []
    if let ended = decisions.ended { events.append(end(ended, on: timeLine)) }
    if let began = decisions.began { events.append(begin(began, on: timeLine)) }
    follow(at: timeLine.timestamp(hop.end))
    return events
  }

  /// Ends what is under way: nothing is heard after what was heard so far.
  mutating func close(on timeLine: StreamTimeLine) -> EmotionEvent? {
    let ended = tracker.close(at: timeLine.now).map { end($0, on: timeLine) }
    follow(at: timeLine.timestamp(timeLine.now))
    return ended
  }

  private mutating func begin(_ decision: EmotionDecision, on timeLine: StreamTimeLine) -> EmotionEvent {
    let event = event(decision, id: ids.next(), on: timeLine)
    presence = .emotion(event)
    return event
  }

  private mutating func end(_ decision: EmotionDecision, on timeLine: StreamTimeLine) -> EmotionEvent {
    guard case .emotion(let begun) = presence else { preconditionFailure("an emotion ended that had not begun") }
    presence = .quiet
    return event(decision, id: begun.id, on: timeLine)
  }

  private func event(_ decision: EmotionDecision, id: String, on timeLine: StreamTimeLine) -> EmotionEvent {
    EmotionEvent(
      id: id, label: labels[decision.label],
      probabilities: Dictionary(uniqueKeysWithValues: zip(labels, decision.probabilities.map(Double.init))),
      start: timeLine.timestamp(decision.start), end: decision.end.map(timeLine.timestamp),
      level: Double(decision.level), speechRatio: decision.speechRatio)
  }

  /// What makes no events changes silently, `time` being when that was heard.
  private mutating func follow(at time: Timestamp) {
    switch (tracker.state, presence) {
    case (.quiet, _): presence = .quiet
    case (.uncertain, .uncertain): break
    case (.uncertain, _): presence = .uncertain(since: time)
    // It goes on, or has begun just now: a label that follows on an emotion ends it first.
    case (.label, .emotion): break
    case (.label(let label), .unreported(let known, _)) where label == known: break
    case (.label(let label), _): presence = .unreported(label: label, since: time)
    }
  }
}
