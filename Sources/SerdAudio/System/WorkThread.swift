import CLinux
import Glibc

/// A thread of its own for one piece of work, from `init` to the work's end.
///
/// Signals are blocked in it, so that they arrive where the program handles them. Its stack is small: the work must not
/// recurse deeply.
package final class WorkThread {
  private var thread = pthread_t()
  private var isJoined = false

  /// What the thread takes over from `init`.
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts the work. `name` is what top(1) shows: at most 15 bytes. Fails if the system has no thread left.
  package init(name: String, _ body: @escaping @Sendable () -> Void) throws(Errno) {
    let work = Unmanaged.passRetained(Work(body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 512 << 10)
    // A new thread inherits the mask of its maker.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
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
  }

  /// Waits until the work is over. From one thread; a second call does nothing.
  package func join() {
    if isJoined { return }
    isJoined = true
    pthread_join(thread, nil)
  }
}
