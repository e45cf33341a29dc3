import ArgumentParser
import SerdClient
import SerdProtocol

/// `--socket`, for every command that talks to a daemon.
struct SocketOption: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The daemon's socket (default: SERD_SOCKET, else \(EventSocketPath.system), else your own daemon's).",
      valueName: "path"))
  var socket: String?

  /// Milliseconds that a daemon that is there may take to answer.
  static let patience: Int32 = 5000

  var path: String { EventSocketPath.forClient(socket) }
}
