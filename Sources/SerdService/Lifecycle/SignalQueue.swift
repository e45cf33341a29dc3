import CLinux
import Glibc

/// The signals that mean something to a service, as values to be asked for: no handlers, nothing asynchronous (signalfd(2)).
///
/// Make it before any thread is started: threads inherit which signals are blocked. SIGPIPE is ignored: writes then fail with EPIPE.
package final class SignalQueue {
  /// A request.
  package enum Request: Equatable, Sendable {
    /// SIGTERM or SIGINT.
    case stop
    /// SIGHUP.
    case reload
  }

  private let descriptor: Int32

  /// Blocks the signals for this thread and those that it will start.
  package init() {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
    descriptor = signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
    precondition(descriptor >= 0, "signalfd failed: \(String(cString: strerror(errno)))")
  }

  deinit { close(descriptor) }

  /// The next request, or nil: never waits.
  package func next() -> Request? {
    var info = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    guard read(descriptor, &info, size) == size else { return nil }
    return Int32(bitPattern: info.ssi_signo) == SIGHUP ? .reload : .stop
  }
}
