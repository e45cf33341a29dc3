import SerdProtocol

/// How hearing fares: what lasts of device and signal, and the overruns that are told meanwhile.
struct HealthReporter {
  private enum State {
    /// What was told last is still true.
    case lasting(HealthEvent)
    /// An overrun was told, which is over; `lasting` is still true.
    case overrun(HealthEvent, lasting: HealthEvent)
  }

  private var state: State

  /// Nothing is heard yet, for this reason.
  init(noDevice reason: String, at time: Timestamp) {
    state = .lasting(HealthEvent(condition: .noDevice, detail: reason, time: time))
  }

  /// What was told last.
  var latest: HealthEvent {
    switch state {
    case .lasting(let event), .overrun(let event, _): event
    }
  }

  private var lasting: HealthEvent {
    switch state {
    case .lasting(let event), .overrun(_, let event): event
    }
  }

  /// Something new lasts. Each of these returns the event that tells it.
  mutating func tell(_ condition: HealthEvent.Condition, _ detail: String? = nil, at time: Timestamp) -> HealthEvent {
    let event = HealthEvent(condition: condition, detail: detail, time: time)
    state = .lasting(event)
    return event
  }

  /// So many seconds of sound were lost to an overrun.
  mutating func overrun(gap: Double, at time: Timestamp) -> HealthEvent {
    let detail = "sound was lost: this machine was too busy or asleep"
    let event = HealthEvent(condition: .overrun, detail: detail, time: time, gap: gap)
    state = .overrun(event, lasting: lasting)
    return event
  }

  /// What lasts, once more: with a gap that the device made.
  mutating func repeated(gap: Double?, at time: Timestamp) -> HealthEvent {
    let event = HealthEvent(condition: lasting.condition, detail: lasting.detail, time: time, gap: gap)
    state = .lasting(event)
    return event
  }

  /// Sound arrives again after an overrun; nil if there was none.
  mutating func endOfOverrun(at time: Timestamp) -> HealthEvent? {
    guard case .overrun = state else { return nil }
    return repeated(gap: nil, at: time)
  }
}
