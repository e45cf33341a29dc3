import Glibc
import SerdProtocol
import SerdSystem
import Synchronization

/// Serves events to up to 64 clients at a Unix socket, from a thread of its own on poll(2).
///
/// `publish` never waits for a client, nor for the thread. Every client has a queue of its own with a bound; one that
/// does not read misses lines, is told how many, and loses its connection if it takes nothing for a while. poll(2) by
/// hand rather than libuv: one loop over at most 66 descriptors needs no timers, no handles and no library.
package final class EventServer: Sendable {
  /// Bounds. The defaults are those of PROTOCOL.md.
  package struct Settings: Sendable {
    /// Most clients at a time.
    package var clients = 64
    /// Most bytes that wait for one client, besides what the kernel keeps for it (about 200 KB).
    package var queueBytes = 64 * 1024
    /// Most bytes of a client's line.
    package var longestCommand = 4096
    /// After so many refused lines a client's connection ends.
    package var refusals = 16
    /// A client that has missed lines and takes nothing for so long loses its connection.
    package var patience = Duration.seconds(30)
    /// Most windows that wait for the thread, and twice as many events of all kinds.
    package var handover = 1024

    /// The defaults.
    package init() {}
  }

  /// What the server asks of the daemon. All are called on the server's thread, and must return at once.
  package struct Handlers: Sendable {
    /// A client wants analysis to stop (true) or to go on (false). The daemon publishes the state that follows.
    package let mute: @Sendable (Bool) -> Void
    /// A client wants the speaker to be forgotten.
    package let forget: @Sendable () -> Void
    /// The daemon's numbers, for a client's `status`.
    package let numbers: @Sendable () -> DaemonNumbers

    /// All of them.
    package init(
      mute: @escaping @Sendable (Bool) -> Void, forget: @escaping @Sendable () -> Void = {},
      numbers: @escaping @Sendable () -> DaemonNumbers
    ) {
      self.mute = mute
      self.forget = forget
      self.numbers = numbers
    }
  }

  private let mailbox: Mailbox<Event>
  private let counters: StatisticsBox
  private let thread: WorkThread

  /// Listens and serves from now on.
  ///
  /// - Throws: if the endpoint cannot be used, in one line that says why.
  package init(
    at endpoint: EventEndpoint, hello: Hello, handlers: Handlers, clock: EventClock = .system,
    settings: Settings = Settings()
  ) throws(EventServerError) {
    precondition(
      settings.clients > 0 && settings.queueBytes >= 1024,
      "a server without clients or without room")
    let socket = try EventSocket(endpoint)
    let counters = StatisticsBox()
    do throws(Errno) {
      let mailbox = try Mailbox<Event>(capacity: settings.handover)
      thread = try WorkThread(name: "serd-events", stack: WorkThread.usualStack) {
        var loop = EventServerLoop(
          socket: socket, mailbox: mailbox, hello: hello, handlers: handlers, clock: clock,
          settings: settings,
          counters: counters)
        loop.run()
      }
      self.mailbox = mailbox
    } catch {
      socket.close()
      throw EventServerError(
        .system, "the event server cannot start: \(error.words)", advice: "raise the limits of the service")
    }
    self.counters = counters
  }

  deinit { stop() }

  /// Sends an event to everybody who wants it. May be called from any thread; returns at once.
  ///
  /// A state that differs from the last one only in its level is retained for new clients and not sent.
  package func publish(_ event: Event) { mailbox.post(event, matters: !event.isWindow) }

  /// What was counted so far.
  package var statistics: ServerStatistics { counters.value }

  /// Says `bye` to all clients, gives them at most 200 ms to take what waits for them, closes, and removes the socket
  /// file. Waits until that is done. Publishing afterwards has no effect.
  package func stop() {
    mailbox.seal()
    thread.join()
  }
}

/// The server's counters, written by its thread and read by any.
final class StatisticsBox: Sendable {
  private let statistics = Mutex(ServerStatistics())

  var value: ServerStatistics { statistics.withLock { $0 } }

  func update(_ change: (inout ServerStatistics) -> Void) { statistics.withLock { change(&$0) } }
}
