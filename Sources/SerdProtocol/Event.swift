/// What the daemon tells its clients and its log. PROTOCOL.md, beside this file, has an example of each line;
/// events.schema.json says what is in them.
public enum Event: Equatable, Sendable {
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
  package var isWindow: Bool {
    if case .window = self { return true }
    return false
  }

  /// The `type` of its line.
  package var type: String {
    switch self {
    case .state: "state"
    case .emotion: "emotion"
    case .window: "window"
    case .summary: "summary"
    case .health: "health"
    }
  }

  /// What is in its line's `data`.
  package var data: any Encodable {
    switch self {
    case .state(let data): data
    case .emotion(let data): data
    case .window(let data): data
    case .summary(let data): data
    case .health(let data): data
    }
  }
}
