import ArgumentParser
import SerdClient
import SerdConsole
import SerdProtocol

/// `serd status`: one screen about a daemon.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what the daemon does, or why it hears nothing.",
    discussion: """
      Exit codes: 0 it listens, or is muted; 69 there is no daemon, or it does not hear (no microphone, no signal): a line on \
      stderr says why.
      """)

  @OptionGroup var socket: SocketOption

  @Flag(name: .long, help: "Print the daemon's answer, one line of JSON (see PROTOCOL.md).")
  var json = false

  func run() throws {
    try reporting(readerMayLeave: true) {
      let client = try EventClient(path: socket.path)
      try client.send(.status)
      var hello: Hello?
      let (line, report) = try client.wait(milliseconds: SocketOption.patience) {
        message, line -> (ReceivedLine, StatusReport)? in
        if case .hello(let first) = message { hello = first }
        if case .status(let report) = message { return (line, report) }
        return nil
      }
      guard let hello else {
        throw CommandError(
          .unavailable, at: socket.path, "no hello came before the status: what listens there is not serd",
          advice: "name serd's socket with --socket")
      }
      let status = StatusText(hello: hello, report: report)
      try Output.write(json ? line.text + "\n" : status.text)
      if let complaint = status.complaint { throw CommandError(.unavailable, complaint) }
    }
  }
}
