import FoundationEssentials
import SerdDetection
import SerdProtocol

/// What viewers are told: the daemon's lines as they come, and what is true now for one who comes later. Lines are
/// passed on, not read: the page reads them.
package struct LiveFeed {
  /// What the page is told besides the daemon's lines.
  package struct PageState: Encodable, Equatable, Sendable {
    /// Why there is no daemon; null if there is one.
    @Nullable package var absence: String?
    /// How many look on.
    package var viewers = 0
    /// How many are connected to the daemon, this program included; null before it was asked.
    @Nullable package var clients: Int?
    /// Whether the page can mute.
    package var allowsMute = false
    /// Whether one can log out.
    package var hasToken = false
    /// Whether what is heard is kept.
    package var keepsHistory = false
    /// Why that fails; null if it does not.
    @Nullable package var historyProblem: String?
    /// `aroused` or `calm`, by label.
    package var arousal: [String: String] = [:]

    package init() {
      absence = "connecting"
      clients = nil
      historyProblem = nil
    }

    private enum CodingKeys: String, CodingKey {
      case absence, viewers, clients, arousal
      case allowsMute = "allow_mute"
      case hasToken = "has_token"
      case keepsHistory = "keeps_history"
      case historyProblem = "history_problem"
    }
  }

  /// The types of lines that are told again to one who comes later, in this order.
  private static let retained = ["hello", "state", "health", "summary", "window"]
  /// Those that are passed on.
  private static let passed = Set(retained + ["emotion", "lagged"])

  package var page = PageState()
  private var latest: [String: String] = [:]

  package init() {}

  /// The bytes that a line of the daemon is passed on as; nil if it is not for viewers.
  package mutating func take(_ line: ReceivedLine) -> [UInt8]? {
    let type = Self.type(of: line.text)
    if type == "hello", case .hello(let hello) = line.message {
      page.arousal = hello.labels.reduce(into: [:]) { $0[$1] = Arousal(label: $1)?.rawValue }
    }
    if type == "status", case .status(let report) = line.message { page.clients = report.server.clients }
    guard Self.passed.contains(type) else { return nil }
    if Self.retained.contains(type) { latest[type] = line.text }
    return Self.event(line.text)
  }

  /// The connection is gone; nothing is true any more.
  package mutating func disconnect(reason: String) {
    latest = [:]
    page.absence = reason
    page.clients = nil
  }

  /// Everything that one who comes now must know.
  package var beginning: [UInt8] {
    Array("retry: 1000\n\n".utf8) + pageEvent + Self.retained.compactMap { latest[$0] }.flatMap(Self.event)
  }

  /// The page's own state.
  package var pageEvent: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings, whole numbers and booleans always encode.
    let data = String(decoding: try! encoder.encode(page), as: UTF8.self)
    return Self.event("{\"type\":\"page\",\"data\":\(data)}")
  }

  /// Keeps the connection from looking dead.
  package static let heartbeat = Array(": \n\n".utf8)

  private static func event(_ line: String) -> [UInt8] { Array("data: \(line)\n\n".utf8) }

  /// The daemon writes the type first; any other order is understood, too.
  private static func type(of text: String) -> String {
    let start = "{\"type\":\""
    if text.hasPrefix(start) { return String(text.dropFirst(start.count).prefix { $0 != "\"" }) }
    switch ReceivedLine(text: text).message {
    case .hello: return "hello"
    case .event(let event): return event.type
    case .status: return "status"
    case .lagged: return "lagged"
    case .refusal, .pong, .bye, .other: return ""
    }
  }
}
