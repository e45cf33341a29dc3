import Glibc
import Synchronization

/// A thread that runs one body and is joined. No signal is delivered to it: signals are the main thread's.
final class WorkerThread: Sendable {
  private enum State {
    case running(pthread_t)
    case joined
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let state: Mutex<State>

  /// Starts the thread.
  init(_ run: @escaping @Sendable () -> Void) throws(Errno) {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let body = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { body in
        Unmanaged<Body>.fromOpaque(body!).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      throw Errno(code: code)
    }
    state = Mutex(.running(thread))
  }

  /// Waits for the body's end; at once if somebody did before.
  func join() {
    let thread = state.withLock { state -> pthread_t? in
      guard case .running(let thread) = state else { return nil }
      state = .joined
      return thread
    }
    if let thread { pthread_join(thread, nil) }
  }
}
