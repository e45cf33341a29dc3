import Glibc

/// What is done with descriptors that somebody else owns.
package enum Descriptors {
  /// Makes a descriptor close on exec and never block.
  package static func prepare(_ descriptor: Int32) throws(Errno) {
    try retrying { fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    let flags = try retrying { fcntl(descriptor, F_GETFL) }
    try retrying { fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
  }

  /// Waits for what is asked for in `set`; answers are in its `revents`. `milliseconds` -1 is for ever. A signal ends
  /// the wait.
  package static func wait(_ set: inout [pollfd], milliseconds: Int32) {
    if poll(&set, nfds_t(set.count), milliseconds) < 0 {
      for index in set.indices { set[index].revents = 0 }
    }
  }

  /// Sleeps until a descriptor is readable, closed or broken, or the timeout is over; says which of the two it is. A
  /// negative one is ignored. Allocates nothing.
  package static func awaitReadable(_ first: Int32, _ second: Int32 = -1, timeout: Duration) -> (Bool, Bool) {
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
}
