import SerdConsole
import SerdProtocol

/// What a person who watches a daemon wants to know, gathered from its lines. A value without a clock: it is told the
/// time.
package struct WatchModel: Sendable {
  /// Something that happened, for the list of the last events.
  package struct Entry: Equatable, Sendable {
    /// When, as UTC from the line.
    package let utc: String
    /// In a few words.
    package let text: String
    /// Whether it needs attention.
    package let isWarning: Bool

    /// As one line, with the machine's time of day.
    package var line: String { "\(TextTable.localTime(utc))  \(TextTable.harmless(text))" }
  }

  /// How many entries are kept.
  private static let kept = 100

  /// Who is speaking; nil before the first connection.
  package private(set) var hello: Hello?
  /// The latest state; nil without a connection.
  package private(set) var state: StateEvent?
  /// The latest health.
  package private(set) var health: HealthEvent?
  /// The latest window.
  package private(set) var window: WindowEvent?
  /// Why there is no connection; nil if there is one.
  package private(set) var absence: String?
  /// The last events, the latest first.
  package private(set) var entries: [Entry] = []
  private var latestHealth = HealthEvent.Condition.listening

  /// Nothing is known yet.
  package init() {}

  /// Level in dBFS of the latest window, or of the state before there is one.
  package var level: Double? { window?.level ?? state?.level }

  /// The connection is gone, or still missing.
  package mutating func disconnect(reason: String) {
    absence = reason
    state = nil
    health = nil
    window = nil
    latestHealth = .listening
  }

  /// Takes what a line says, and returns what is new in it for a list of events, if anything.
  @discardableResult
  package mutating func take(_ message: ReceivedLine.Message) -> Entry? {
    guard let entry = note(message) else { return nil }
    entries.insert(entry, at: 0)
    if entries.count > Self.kept { entries.removeLast() }
    return entry
  }

  private mutating func note(_ message: ReceivedLine.Message) -> Entry? {
    switch message {
    case .hello(let new):
      hello = new
      absence = nil
      return nil
    case .event(.state(let new)): return note(new)
    case .event(.emotion(let emotion)): return Self.entry(emotion)
    case .event(.window(let new)):
      window = new
      return nil
    case .event(.health(let new)): return note(new)
    case .lagged(let lagged):
      let utc = window?.end.utc ?? state?.since.utc ?? ""
      return Entry(utc: utc, text: "\(lagged.dropped) lines missed: this terminal was too slow", isWarning: true)
    default: return nil
    }
  }

  private mutating func note(_ new: StateEvent) -> Entry? {
    defer { state = new }
    if new.activity != .listening { window = nil }
    guard new.activity != state?.activity else { return nil }
    let reason = new.device.reason.map { ": \($0)" } ?? ""
    let text = new.activity == .waiting ? "waiting for \(new.device.name)\(reason)" : "\(new.activity.rawValue)"
    return Entry(utc: new.since.utc, text: text, isWarning: new.activity != .listening)
  }

  /// That there is no device is the state's to tell.
  private mutating func note(_ new: HealthEvent) -> Entry? {
    defer { if new.condition != .overrun { (health, latestHealth) = (new, new.condition) } }
    guard new.condition != .noDevice, new.condition != latestHealth || new.condition == .overrun else { return nil }
    if new.condition == .listening {
      return latestHealth == .noDevice
        ? nil : Entry(utc: new.time.utc, text: "the sound is well again", isWarning: false)
    }
    return Entry(utc: new.time.utc, text: new.detail ?? new.condition.rawValue, isWarning: true)
  }

  private static func entry(_ emotion: EmotionEvent) -> Entry {
    let percent = "\(Int((emotion.confidence * 100).rounded())) %"
    guard emotion.phase == .end, let end = emotion.end else {
      return Entry(utc: emotion.start.utc, text: "\(emotion.label) begins, \(percent)", isWarning: false)
    }
    let seconds = TextTable.seconds(end.seconds - emotion.start.seconds)
    return Entry(utc: end.utc, text: "\(emotion.label) ends after \(seconds), \(percent) on average", isWarning: false)
  }
}
