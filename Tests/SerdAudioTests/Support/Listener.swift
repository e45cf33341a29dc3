import SerdAudio
import SerdSystem
import Testing

/// Reads a live source until something is there to be seen; keeps what it read.
final class Listener {
  let source: any LiveSource
  /// Everything but samples and `.nothing`, in order.
  private(set) var events: [LiveReading] = []
  private(set) var samples: [Float] = []
  /// Of the last samples.
  private(set) var heardAt: Int64?

  private let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 1600)

  init(_ source: any LiveSource) { self.source = source }
  deinit { buffer.deallocate() }

  /// One reading, remembered.
  @discardableResult
  func read(timeout: Duration = .seconds(10)) -> LiveReading {
    let reading = source.next(into: buffer, timeout: timeout)
    switch reading {
    case .samples(let count, let time):
      samples += buffer[..<count]
      heardAt = time
    case .nothing: break
    default: events.append(reading)
    }
    return reading
  }

  /// Reads until `isDone`. A minute stands for hanging for ever.
  func read(until isDone: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let start = MonotonicClock.now
    while MonotonicClock.now - start < 60_000_000_000 {
      if isDone() { return }
      let reading = read()
      try #require(reading != .nothing, "nothing came for 10 s after \(events)", sourceLocation: sourceLocation)
      if reading == .ended { break }
    }
    try #require(isDone(), "not there after \(events)", sourceLocation: sourceLocation)
  }

  /// Reads until there are so many samples in all.
  func read(samples count: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try read(until: { samples.count >= count }, sourceLocation: sourceLocation)
  }

  /// Reads until an event like this comes that has not been looked at; returns it.
  func event<Value>(
    sourceLocation: SourceLocation = #_sourceLocation, _ match: (LiveReading) -> Value?
  ) throws -> Value {
    var found: Value?
    try read(
      until: {
        while found == nil, seen < events.count {
          found = match(events[seen])
          seen += 1
        }
        return found != nil
      }, sourceLocation: sourceLocation)
    return found!
  }
  private var seen = 0

  /// Reads until the source captures.
  @discardableResult
  func capturing(sourceLocation: SourceLocation = #_sourceLocation) throws -> NativeFormat {
    try event(sourceLocation: sourceLocation) { if case .device(.capturing(let format)) = $0 { format } else { nil } }
  }

  /// Reads until the source waits for its device.
  @discardableResult
  func obstacle(sourceLocation: SourceLocation = #_sourceLocation) throws -> DeviceCondition.Reason {
    try event(sourceLocation: sourceLocation) { if case .device(.waiting(let reason)) = $0 { reason } else { nil } }
  }

  /// Reads until a gap.
  @discardableResult
  func gap(sourceLocation: SourceLocation = #_sourceLocation) throws -> Gap {
    try event(sourceLocation: sourceLocation) { if case .gap(let gap) = $0 { gap } else { nil } }
  }

  /// Reads until the signal's condition changes.
  @discardableResult
  func signal(sourceLocation: SourceLocation = #_sourceLocation) throws -> SignalCondition {
    try event(sourceLocation: sourceLocation) { if case .signal(let signal) = $0 { signal } else { nil } }
  }
}
