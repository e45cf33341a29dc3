import CLinux
import Glibc

/// Lets one thread sleep until another has something for it: an eventfd(2).
package final class WakeUp: Sendable {
  private let descriptor: FileDescriptor

  package init() throws(Errno) {
    descriptor = FileDescriptor(owning: Int32(try retrying { Int(serd_eventfd()) }))
  }

  /// For poll(2): readable from `signal` to `clear`.
  package var number: Int32 { descriptor.number }

  /// Ends the sleep of whoever waits, or the next one. From any thread; never blocks.
  package func signal() {
    var one: UInt64 = 1
    // Fails only if 2⁶⁴ - 2 signals wait already.
    _ = write(descriptor.number, &one, 8)
  }

  /// Forgets the signals so far.
  package func clear() {
    var count: UInt64 = 0
    // Fails only if there were none.
    _ = read(descriptor.number, &count, 8)
  }

  /// Sleeps until a signal or the timeout, whichever is first, and forgets the signals.
  package func wait(_ timeout: Duration) {
    if Descriptors.awaitReadable(number, timeout: timeout).0 { clear() }
  }
}
