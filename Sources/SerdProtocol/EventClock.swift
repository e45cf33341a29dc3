import SerdSystem

/// The two clocks of an event: one that people read and one that never jumps. A value, so that tests can bring their
/// own.
public struct EventClock: Sendable {
  /// Nanoseconds of CLOCK_MONOTONIC.
  public let monotonic: @Sendable () -> Int64
  /// Nanoseconds since 1970 of CLOCK_REALTIME, which the administrator or NTP may set at any time.
  public let realtime: @Sendable () -> Int64

  /// A clock of these two.
  public init(monotonic: @escaping @Sendable () -> Int64, realtime: @escaping @Sendable () -> Int64) {
    self.monotonic = monotonic
    self.realtime = realtime
  }

  /// The machine's clocks.
  public static let system = EventClock(monotonic: { MonotonicClock.now }, realtime: { WallClock.now })

  /// Now, as a time of an event.
  public var now: Timestamp { Timestamp(nanoseconds: monotonic()) }

  /// What must be added to monotonic time to get UTC, as the clocks are now.
  package var utcOffset: Int64 { realtime() - monotonic() }
}
