import Glibc

/// CLOCK_MONOTONIC: never set, stands still while the machine sleeps.
package enum MonotonicClock {
  /// Nanoseconds since some moment before the machine's start.
  package static var now: Int64 { nanoseconds(of: CLOCK_MONOTONIC) }

  /// Nanoseconds that the machine has slept since its start, to a millisecond.
  package static var asleep: Int64 {
    while true {
      let before = now
      let sinceStart = nanoseconds(of: CLOCK_BOOTTIME)
      let after = now
      // Again if another program ran in between: that would look like sleep.
      if after - before < 1_000_000 { return sinceStart - after }
    }
  }
}

/// CLOCK_REALTIME, which the administrator or NTP may set at any time.
package enum WallClock {
  /// Nanoseconds since 1970.
  package static var now: Int64 { nanoseconds(of: CLOCK_REALTIME) }
}

private func nanoseconds(of clock: clockid_t) -> Int64 {
  var time = timespec()
  // Fails only for a clock that does not exist.
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

extension Duration {
  /// The whole nanoseconds; clamped to some 146 years.
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min / 2 : .max / 2 }
    return min(max(whole + attoseconds / 1_000_000_000, .min / 2), .max / 2)
  }
}
