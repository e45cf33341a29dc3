import SerdProtocol
import SerdSystem

/// Writes down what a daemon's lines say. A piece of time is written when it begins, and grows with every `tick`; so
/// does an emotion. Whatever ends this program, at most the time since the last tick is missing, and it shows as not
/// recorded.
///
/// Durations are those of the monotonic clock. A clock that is set, or a machine that slept, begins a new piece.
package struct HistoryRecorder {
  /// Both clocks at one moment.
  package struct Moment: Sendable {
    /// Milliseconds since 1970.
    package var utc: Int64
    /// Nanoseconds of CLOCK_MONOTONIC.
    package var monotonic: Int64

    package init(utc: Int64, monotonic: Int64) {
      self.utc = utc
      self.monotonic = monotonic
    }

    /// Now.
    package static var now: Moment {
      Moment(utc: WallClock.now / 1_000_000, monotonic: MonotonicClock.now)
    }

    /// This moment, by the wall clock as it was at another.
    func utc(asOf other: Moment) -> Int64 { other.utc + (monotonic - other.monotonic) / 1_000_000 }
  }

  private struct OpenSpan {
    let number: Int64
    let kind: HistoryStore.Kind
    let begin: Moment
  }

  /// An emotion that goes on.
  private struct OpenEmotion {
    var record: HistoryStore.Emotion
    /// Its begin in nanoseconds of CLOCK_MONOTONIC.
    let begin: Int64
  }

  /// How far the clocks may part within a piece of time, in milliseconds: NTP moves them by less.
  private static let tolerance: Int64 = 2000

  private let store: HistoryStore
  /// What is true now; nil without a connection.
  private var state: StateEvent?
  private var hasSignal = true
  private var span: OpenSpan?
  private var emotion: OpenEmotion?
  /// An emotion that was deleted while it went on.
  private var forgotten: String?

  package init(store: HistoryStore) { self.store = store }

  /// Takes what a line says.
  package mutating func take(_ message: ReceivedLine.Message, at now: Moment) throws(HistoryError) {
    switch message {
    case .event(.state(let state)):
      try take(state.emotion, at: now)
      self.state = state
      try tick(at: now)
    case .event(.health(let health)) where health.condition != .overrun:
      hasSignal = health.condition != .noSignal
      try tick(at: now)
    case .event(.emotion(let event)): try take(event)
    case .bye: try disconnect(at: now)
    default: break
    }
  }

  /// The connection is gone: what comes now is not recorded.
  package mutating func disconnect(at now: Moment) throws(HistoryError) {
    defer { (state, span, emotion, hasSignal) = (nil, nil, nil, true) }
    try tick(at: now)
  }

  /// Writes down that all goes on.
  package mutating func tick(at now: Moment) throws(HistoryError) {
    // Taken out, so that after an error both begin anew.
    let (span, kind) = (self.span, self.kind)
    self.span = nil
    var next: OpenSpan?
    try store.together { () throws(HistoryError) in
      if let span {
        let end = now.utc(asOf: span.begin)
        try store.extend(span: span.number, to: end)
        let isSameClock = abs(end - now.utc) <= Self.tolerance
        if isSameClock, span.kind == kind, end - span.begin.utc < HistoryStore.longestSpan { next = span }
      }
      if next == nil, let kind {
        let number = try store.begin(HistoryStore.Span(start: now.utc, end: now.utc, kind: kind))
        next = OpenSpan(number: number, kind: kind, begin: now)
      }
      if let emotion {
        var record = emotion.record
        record.end = max(record.start, record.start + (now.monotonic - emotion.begin) / 1_000_000)
        try store.put(record)
      }
    }
    self.span = next
  }

  /// Forgets a time, that of now included if it reaches so far.
  package mutating func delete(from: Int64, to: Int64, at now: Moment) throws(HistoryError) {
    try tick(at: now)
    try store.delete(from: from, to: to)
    span = nil
    if let record = emotion?.record, record.start < to, now.utc >= from {
      forgotten = record.id
      emotion = nil
    }
    // Not before the end of what was deleted.
    if now.utc >= to || now.utc < from { try tick(at: now) }
  }

  private var kind: HistoryStore.Kind? {
    guard let state else { return nil }
    return switch state.activity {
    case .muted: .muted
    case .waiting: .unheard
    case .listening: !hasSignal ? .unheard : state.isGateOpen ? .speech : .silence
    }
  }

  /// The emotion that a state names. Usually its event has come before; not if this program came later.
  private mutating func take(_ present: StateEvent.Emotion?, at now: Moment) throws(HistoryError) {
    guard let present, let id = present.id, id != forgotten else {
      // Its end, if there was one to be heard, has come before the state, or comes next: both are understood.
      emotion = nil
      return
    }
    guard emotion?.record.id != id else { return }
    let start = try store.start(of: id) ?? Self.milliseconds(present.since.utc) ?? now.utc
    emotion = OpenEmotion(
      record: HistoryStore.Emotion(
        id: id, label: present.label, start: start, end: start, confidence: nil, level: nil, isEndHeard: false),
      begin: present.since.nanoseconds)
  }

  private mutating func take(_ event: EmotionEvent) throws(HistoryError) {
    guard event.id != forgotten, let told = Self.milliseconds(event.start.utc) else { return }
    let start = try store.start(of: event.id) ?? told
    let duration = event.end.map { max(0, ($0.nanoseconds - event.start.nanoseconds) / 1_000_000) }
    let record = HistoryStore.Emotion(
      id: event.id, label: event.label, start: start, end: start + (duration ?? 0), confidence: event.confidence,
      level: event.level, isEndHeard: duration != nil)
    try store.put(record)
    emotion = duration == nil ? OpenEmotion(record: record, begin: event.start.nanoseconds) : nil
  }

  /// Of an RFC 3339 time in UTC, as the protocol writes it.
  static func milliseconds(_ utc: String) -> Int64? { Timestamp.nanoseconds(rfc3339: utc).map { $0 / 1_000_000 } }
}
