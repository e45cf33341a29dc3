import CLinux
import Glibc

/// Signals as values to be asked for or waited for: no handlers, nothing asynchronous (signalfd(2)).
///
/// Make it before any thread is started: threads inherit which signals are blocked. SIGPIPE is ignored: writes then
/// fail with EPIPE. Programs that are started later must be given an empty mask.
package final class SignalQueue {
  /// For poll(2): readable while a signal waits.
  package let descriptor: Int32

  /// Blocks these signals for this thread and those that it will start.
  package init(_ signals: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
    descriptor = signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
    precondition(descriptor >= 0, "signalfd failed: \(Errno.latest.words)")
  }

  deinit { close(descriptor) }

  /// The next signal, or nil: never waits.
  package func next() -> Int32? {
    var info = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    guard read(descriptor, &info, size) == size else { return nil }
    return Int32(bitPattern: info.ssi_signo)
  }

  /// All that wait.
  package func take() -> [Int32] {
    var signals: [Int32] = []
    while let signal = next() { signals.append(signal) }
    return signals
  }
}
