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

  var path: String { EventSocketPath.forClient(socket) }
}

/// How long a daemon that is there may take to answer.
let patience: Int32 = 5000

/// Runs what talks to a daemon: that there is none is exit status 69, a reader of standard output that went away is no error.
func talking(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as EventClientError {
    throw failure(error.description, code: .unavailable)
  } catch let error as OutputError {
    if !error.isReaderGone { throw failure(error.description, code: .ioError) }
  }
}
