import ArgumentParser
import SerdClient

/// `serd mute`: the daemon stops analysing until `serd unmute`.
struct Mute: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Stop analysing until 'serd unmute'; every client sees it.")

  @OptionGroup var socket: SocketOption

  func run() throws {
    try reporting(readerMayLeave: true) { try changeMute(to: true, path: socket.path) }
  }
}

/// `serd unmute`: the daemon analyses again.
struct Unmute: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Analyse again after 'serd mute'.")

  @OptionGroup var socket: SocketOption

  func run() throws {
    try reporting(readerMayLeave: true) { try changeMute(to: false, path: socket.path) }
  }
}

/// Ends when the daemon's state says that it is done.
private func changeMute(to muted: Bool, path: String) throws {
  let client = try EventClient(path: path)
  try client.send(muted ? .mute : .unmute)
  try client.wait(milliseconds: SocketOption.patience) { message, _ -> Void? in
    guard case .event(.state(let state)) = message, (state.activity == .muted) == muted else { return nil }
    return ()
  }
}
