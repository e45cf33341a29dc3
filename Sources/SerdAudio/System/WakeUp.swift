import CLinux
import Glibc

/// Lets one thread sleep until another has something for it: an eventfd(2).
final class WakeUp: Sendable {
  private let descriptor: FileDescriptor

  init() throws(Errno) {
    descriptor = FileDescriptor(owning: Int32(try retrying { Int(serd_eventfd()) }))
  }

  /// For poll(2): readable from `signal` to `clear`.
  var number: Int32 { descriptor.number }

  /// Ends the sleep of whoever waits, or the next one. From any thread; never blocks.
  func signal() {
    var one: UInt64 = 1
    // Fails only if 2⁶⁴ - 2 signals wait already.
    _ = write(descriptor.number, &one, 8)
  }

  /// Forgets the signals so far.
  func clear() {
    var count: UInt64 = 0
    // Fails only if there were none.
    _ = read(descriptor.number, &count, 8)
  }

  /// Sleeps until a signal or the timeout, whichever is first, and forgets the signals.
  func wait(_ timeout: Duration) {
    if awaitReadable(number, timeout: timeout).0 { clear() }
  }
}

/// Sleeps until a descriptor is readable, closed or broken, or the timeout is over; says which of the two it is. A negative
/// one is ignored. Allocates nothing.
func awaitReadable(_ first: Int32, _ second: Int32 = -1, timeout: Duration) -> (Bool, Bool) {
  let deadline = MonotonicClock.now + max(0, timeout.nanoseconds)
  return withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { entries in
    entries.initializeElement(at: 0, to: pollfd(fd: first, events: Int16(POLLIN), revents: 0))
    entries.initializeElement(at: 1, to: pollfd(fd: second, events: Int16(POLLIN), revents: 0))
    while true {
      // Rounded up, as a wait that ends early would be repeated at once.
      let rest = max(0, deadline - MonotonicClock.now + 999_999) / 1_000_000
      let found = poll(entries.baseAddress, 2, Int32(clamping: rest))
      if found < 0, errno == EINTR { continue }
      return found > 0 ? (entries[0].revents != 0, entries[1].revents != 0) : (false, false)
    }
  }
}
