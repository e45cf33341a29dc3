import SerdSystem

/// The two clocks of an event: one that people read and one that never jumps. A value, so that tests can bring their own.
package struct EventClock: Sendable {
  /// Nanoseconds of CLOCK_MONOTONIC.
  package let monotonic: @Sendable () -> Int64
  /// Nanoseconds since 1970 of CLOCK_REALTIME, which the administrator or NTP may set at any time.
  package let realtime: @Sendable () -> Int64

  /// A clock of these two.
  package init(monotonic: @escaping @Sendable () -> Int64, realtime: @escaping @Sendable () -> Int64) {
    self.monotonic = monotonic
    self.realtime = realtime
  }

  /// The machine's clocks.
  package static let system = EventClock(monotonic: { MonotonicClock.now }, realtime: { WallClock.now })

  /// Now, as a time of an event.
  package var now: Timestamp { Timestamp(nanoseconds: monotonic()) }

  /// What must be added to monotonic time to get UTC, as the clocks are now.
  package var utcOffset: Int64 { realtime() - monotonic() }
}
