import CLinux
import Glibc
import Synchronization

/// A thread of its own for one piece of work, from `init` to the work's end.
///
/// Signals are blocked in it, so that they arrive where the program handles them.
package final class WorkThread: Sendable {
  /// Enough for work that does not recurse deeply.
  package static let smallStack = 512 << 10
  /// What programs are given by default.
  package static let usualStack = 8 << 20

  private enum State {
    case running(pthread_t)
    case joined
  }

  /// What the thread takes over from `init`.
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let state: Mutex<State>

  /// Starts the work. Fails if the system has no thread left.
  ///
  /// - Parameters:
  ///   - name: what top(1) shows: at most 15 bytes.
  ///   - stack: in bytes; only what is used of it takes memory.
  package init(
    name: String, stack: Int = WorkThread.smallStack, _ body: @escaping @Sendable () -> Void
  ) throws(Errno) {
    let work = Unmanaged.passRetained(Work(body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stack)
    // A new thread inherits the mask of its maker.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, &attributes,
      { argument in
        Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    pthread_sigmask(SIG_SETMASK, &before, nil)
    guard failure == 0 else {
      work.release()
      throw Errno(code: failure)
    }
    pthread_setname_np(thread, name)
    state = Mutex(.running(thread))
  }

  /// Waits until the work is over; at once if somebody did before.
  package func join() {
    let thread = state.withLock { state -> pthread_t? in
      guard case .running(let thread) = state else { return nil }
      state = .joined
      return thread
    }
    if let thread { pthread_join(thread, nil) }
  }
}
