import Glibc
import SerdConfiguration
import SerdSystem

/// Everything about the page that a user can set; `WebKey` says what each is called and means.
package struct WebSettings: Equatable, Sendable {
  /// Addresses and paths to listen at.
  package var listen = ["127.0.0.1:8098"]
  /// Names by which browsers reach the page, besides this machine's own.
  package var hosts: [String] = []
  /// Whether this machine's own browsers are asked for the token, too.
  package var asksEverybody = false
  /// Where the token is kept; empty for the usual place.
  package var tokenFile = ""
  /// Access mode of a Unix socket to listen at.
  package var socketMode: UInt32 = 0o660
  /// Whether the page can mute and unmute.
  package var allowsMute = false
  /// Path of the daemon's event socket; empty for the usual place.
  package var socket = ""
  /// Whether what is heard is kept.
  package var keepsHistory = false
  /// For how many days.
  package var historyDays = 90
  /// In at most so many bytes.
  package var historySize = 256 << 20
  /// Where; empty for the usual place.
  package var historyFile = ""

  /// The defaults.
  package init() {}

  /// Where the token is kept.
  package var tokenPath: String { tokenFile.isEmpty ? "\(Self.stateFolder)/token" : tokenFile }
  /// Where the history is kept.
  package var historyPath: String { historyFile.isEmpty ? "\(Self.stateFolder)/history.sqlite" : historyFile }

  /// The service's folder, which root's commands share with it; else the user's own.
  package static var stateFolder: String {
    if let folder = Environment.nonEmpty("STATE_DIRECTORY") { return folder }
    if getuid() == 0 { return "/var/lib/serd-web" }
    let base = Environment.nonEmpty("XDG_STATE_HOME") ?? "\(Environment["HOME"] ?? "")/.local/state"
    return "\(base)/serd-web"
  }

  /// The addresses, read.
  package var addresses: [ListeningAddress] { listen.compactMap { ListeningAddress($0) } }

  /// Whether anybody is asked for the token.
  package var needsToken: Bool {
    addresses.contains { $0.door == .network || asksEverybody && $0.door == .loopback }
  }
}

/// One setting of the page.
package typealias WebKey = SettingKey<WebSettings>

extension WebKey {
  /// Every key, in the order of the configuration file.
  package static var all: [WebKey] { WebKeys.all }
}

/// A generic type has no stored properties of its own.
private enum WebKeys {
  static let all: [WebKey] = [
    .choice(
      "page", "listen", \.listen, expected: ListeningAddress.expected,
      "Where to listen: addresses with a port, or paths of Unix sockets. Other machines are asked for the token.",
      text: { $0.joined(separator: " ") },
      value: { text in
        let words = text.split(separator: " ").map(String.init)
        return !words.isEmpty && words.allSatisfy({ ListeningAddress($0) != nil }) ? words : nil
      }),
    .words(
      "page", "hosts", \.hosts,
      "Names by which browsers reach the page, besides localhost, this machine's name and addresses in numbers."),
    .flag("page", "ask-everybody", \.asksEverybody, "Whether browsers of this machine are asked for the token, too."),
    .text(
      "page", "token-file", \.tokenFile, reloadable: false,
      "Where the token is kept, which is made at the first start that needs it; empty for /var/lib/serd-web/token."),
    .mode("page", "socket-mode", \.socketMode, "Access mode of a Unix socket to listen at."),
    .flag(
      "page", "allow-mute", \.allowsMute,
      "Whether the page can mute serd and unmute it: for everybody who sees the page, and for everybody who is heard."),
    .text(
      "daemon", "socket", \.socket, reloadable: false,
      "The daemon's event socket; empty for /run/serd/events.sock, or your own daemon's."),
    .flag("history", "history", \.keepsHistory, "Whether what is heard is kept: a record of people; see privacy.md."),
    .count("history", "history-days", \.historyDays, in: 1...3660, reloadable: false, "For how many days it is kept."),
    .count(
      "history", "history-size", \.historySize, in: (1 << 20)...(1 << 40), reloadable: false,
      "In at most how many bytes; then the oldest days go (K, M and G are powers of 1024)."),
    .text(
      "history", "history-file", \.historyFile, reloadable: false,
      "Where it is kept; empty for /var/lib/serd-web/history.sqlite."),
  ]
}
