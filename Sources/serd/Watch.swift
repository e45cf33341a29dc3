import ArgumentParser
import Glibc
import SerdClient
import SerdConsole
import SerdProtocol
import SerdSystem

/// `serd watch`: what the daemon hears, live.
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show live what the daemon hears.",
    discussion: """
      On a terminal a view of level, speech, probabilities and the last events; elsewhere a line per event. Connects again when \
      the daemon restarts. NO_COLOR turns colours off.
      """)

  @OptionGroup var socket: SocketOption

  @Flag(name: .long, help: "Print the daemon's lines as they are: JSON, one object a line (see PROTOCOL.md).")
  var json = false

  @Flag(name: .long, help: "With --json, also a line for every window, about two a second.")
  var windows = false

  func validate() throws {
    if windows, !json { throw ValidationError("--windows adds JSON lines: use it together with --json.") }
  }

  func run() throws {
    try reporting(readerMayLeave: true) {
      let signals = SignalQueue([SIGINT, SIGTERM, SIGWINCH])
      let isLive = !json && Terminal.isCapable
      let follower = try EventFollower(path: socket.path, windows: windows || isLive)
      if isLive { try LiveWatch(follower: follower, signals: signals).run() } else { try printLines(follower, signals) }
    }
  }

  private func printLines(_ follower: EventFollower, _ signals: SignalQueue) throws {
    var model = WatchModel()
    while true {
      for reading in follower.next(milliseconds: -1, watching: [signals.descriptor, STDOUT_FILENO]) {
        switch reading {
        case .line(let line):
          if json { try Output.write(line.text + "\n") } else { try printLine(line.message, &model) }
        case .connected: Output.warn("the daemon is there again")
        case .disconnected(let reason):
          model.disconnect(reason: reason)
          Output.warn("\(reason); waiting for it")
        case .ready(STDOUT_FILENO): return
        case .ready: if signals.take().contains(where: { $0 != SIGWINCH }) { return }
        }
      }
    }
  }

  private func printLine(_ message: ReceivedLine.Message, _ model: inout WatchModel) throws {
    if case .refusal(let refusal) = message { Output.warn("the daemon says: \(refusal.message)") }
    if let entry = model.take(message) { try Output.write(entry.line + "\n") }
  }
}

/// The full-screen view.
private struct LiveWatch {
  /// Durations on the screen count in tenths of a second, but it is a meter, not a stopwatch.
  private static let tick: Int32 = 500

  let follower: EventFollower
  let signals: SignalQueue

  func run() throws {
    let terminal = try Terminal()
    defer { terminal.restore() }
    var model = WatchModel()
    var keys: [Int32] = isatty(STDIN_FILENO) == 1 ? [STDIN_FILENO] : []
    while true {
      let size = Terminal.size
      let screen = WatchScreen(width: size.width, height: size.height, inColour: Terminal.hasColour)
      try terminal.show(screen.lines(model, now: MonotonicClock.now))
      for reading in follower.next(milliseconds: Self.tick, watching: [signals.descriptor] + keys) {
        switch reading {
        case .line(let line): model.take(line.message)
        case .connected: break
        case .disconnected(let reason): model.disconnect(reason: reason)
        case .ready(STDIN_FILENO):
          guard let key = readKey() else {
            keys = []
            continue
          }
          if key == UInt8(ascii: "q") { return }
          if key == UInt8(ascii: "m") { follower.send(model.state?.activity == .muted ? .unmute : .mute) }
        case .ready:
          if signals.take().contains(where: { $0 != SIGWINCH }) { return }
          try terminal.forget()
        }
      }
    }
  }

  private func readKey() -> UInt8? {
    var key: UInt8 = 0
    return read(STDIN_FILENO, &key, 1) == 1 ? key : nil
  }
}
