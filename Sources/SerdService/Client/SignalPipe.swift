import Glibc
import Synchronization

/// The writing end, for the handler: a signal handler can be given nothing.
private let writingEnd = Atomic<Int32>(-1)

/// Turns signals into bytes of a pipe, so that a loop on poll(2) can wait for them. There is one for the process; the signals
/// stay caught until it ends.
package struct SignalPipe {
  /// To wait for, readable.
  package let descriptor: Int32

  /// Catches these signals from now on.
  package init(_ signals: [Int32]) {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0 && writingEnd.load(ordering: .relaxed) < 0, "there can be one signal pipe")
    for end in ends { try? Descriptors.prepare(end) }
    descriptor = ends[0]
    writingEnd.store(ends[1], ordering: .releasing)
    // Whoever started this program may have blocked them, and a blocked signal would not be heard.
    var wanted = sigset_t()
    for number in signals { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    for number in signals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        // A full pipe has enough to tell.
        _ = write(writingEnd.load(ordering: .acquiring), &byte, 1)
        errno = before
      }
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
    }
  }

  /// The signals that arrived since the last call.
  package func take() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &bytes, bytes.count)
    return bytes.prefix(max(0, count)).map(Int32.init)
  }
}
