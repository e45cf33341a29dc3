import CSystemd
import SerdProtocol
import Synchronization

/// Where events go, the socket and the log, and what comes back from there: the wishes to mute and
/// to forget.
final class Outlets: Sendable {
  /// What the server's thread and the daemon's share.
  private struct Shared {
    var numbers: DaemonNumbers
    var mute: Bool?
    var forgets = false
  }

  private final class Board: Sendable {
    let shared: Mutex<Shared>
    init(_ numbers: DaemonNumbers) { shared = Mutex(Shared(numbers: numbers)) }
  }

  private let board: Board
  private let server: EventServer
  private let eventLog: EventLog?

  /// Opens both.
  ///
  /// - Throws: `EventServerError`.
  init(
    configuration: Configuration, hello: Hello, numbers: DaemonNumbers, clock: EventClock, log: ServiceLog
  ) throws(EventServerError) {
    let board = Board(numbers)
    self.board = board
    server = try EventServer(
      at: Self.endpoint(configuration), hello: hello,
      handlers: EventServer.Handlers(
        mute: { wish in board.shared.withLock { $0.mute = wish } },
        forget: { board.shared.withLock { $0.forgets = true } },
        numbers: { board.shared.withLock { $0.numbers } }), clock: clock)
    guard !configuration.log.isEmpty else {
      eventLog = nil
      return
    }
    let destination: EventLog.Destination =
      configuration.log == "stdout"
      ? .standardOutput
      : .file(path: configuration.log, rotation: configuration.logRotation)
    eventLog = try EventLog(to: destination, hello: hello, windows: configuration.logWindows, clock: clock) {
      log.write(.warning, $0)
    }
  }

  /// The daemon's numbers, for clients that ask.
  var numbers: DaemonNumbers {
    get { board.shared.withLock { $0.numbers } }
    set { board.shared.withLock { $0.numbers = newValue } }
  }

  /// Whether somebody wants to mute (true) or unmute, since the last call.
  func takeMute() -> Bool? {
    board.shared.withLock { shared in
      defer { shared.mute = nil }
      return shared.mute
    }
  }

  /// Whether somebody wants the speaker to be forgotten, since the last call.
  func takeForget() -> Bool {
    board.shared.withLock { shared in
      defer { shared.forgets = false }
      return shared.forgets
    }
  }

  /// To everybody who wants it; returns at once.
  @Sendable func publish(_ event: Event) {
    server.publish(event)
    eventLog?.publish(event)
  }

  /// All numbers there are, for metrics.
  func status(state: StateEvent, health: HealthEvent, now: Timestamp) -> StatusReport {
    StatusReport(time: now, state: state, health: health, daemon: numbers, server: server.statistics)
  }

  /// After logrotate(8) has moved the file.
  func reopenLog() { eventLog?.reopen() }

  /// Sends what waits, says goodbye.
  func stop() {
    server.stop()
    eventLog?.stop()
  }

  /// The socket that systemd hands over, or one of our own.
  private static func endpoint(_ configuration: Configuration) throws(EventServerError) -> EventEndpoint {
    switch sd_listen_fds(1) {
    case 1: return .inherited(descriptor: SD_LISTEN_FDS_START)
    case let count where count > 1:
      throw EventServerError(.configuration, "systemd hands over \(count) sockets", advice: "serd.socket must have one")
    default:
      return .path(
        EventSocketPath.forServer(configuration.socket.isEmpty ? nil : configuration.socket),
        access: configuration.socketAccess)
    }
  }
}
