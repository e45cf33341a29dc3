import FoundationEssentials

/// What a client may ask for: one line each, `{"type": …}`, some with `data`.
public enum ClientCommand: Equatable, Sendable {
  /// Chooses what is sent on this connection besides the usual: a line for every window, or not.
  case subscribe(windows: Bool)
  /// Stop analysing, for everybody.
  case mute
  /// Analyse again.
  case unmute
  /// Forget whom the model follows, and begin anew.
  case forget
  /// Answered with `pong`, after everything that was asked before.
  case ping
  /// Answered with a `status` line.
  case status

  /// The line that asks for it, with its line feed.
  public var line: String {
    switch self {
    case .subscribe(let windows): "{\"type\":\"subscribe\",\"data\":{\"windows\":\(windows)}}\n"
    case .mute: "{\"type\":\"mute\"}\n"
    case .unmute: "{\"type\":\"unmute\"}\n"
    case .forget: "{\"type\":\"forget\"}\n"
    case .ping: "{\"type\":\"ping\"}\n"
    case .status: "{\"type\":\"status\"}\n"
    }
  }

  private struct Header: Decodable {
    let type: String
  }

  private struct Subscription: Decodable {
    struct Choice: Decodable {
      let windows: Bool?
    }
    let data: Choice?
  }

  /// Reads a line, without its line feed. Any bytes may be in it.
  package static func parse(_ line: [UInt8]) -> Result<ClientCommand, Refusal> {
    func malformed(_ what: String) -> Result<ClientCommand, Refusal> {
      .failure(
        Refusal(
          code: .malformed, message: "\(what); a command is a line such as {\"type\":\"mute\"}"))
    }
    // Checked first: JSONDecoder of Swift 6.0.3 crashes on what is not UTF-8.
    guard let text = String(validating: line, as: UTF8.self) else {
      return malformed("the line is not UTF-8")
    }
    let data = Data(text.utf8)
    guard let header = try? JSONDecoder().decode(Header.self, from: data) else {
      return malformed("the line is not a JSON object with a type")
    }
    switch header.type {
    case "subscribe":
      guard let subscription = try? JSONDecoder().decode(Subscription.self, from: data) else {
        return malformed("the data of subscribe is {\"windows\": true or false}")
      }
      return .success(.subscribe(windows: subscription.data?.windows ?? false))
    case "mute": return .success(.mute)
    case "unmute": return .success(.unmute)
    case "forget": return .success(.forget)
    case "ping": return .success(.ping)
    case "status": return .success(.status)
    default:
      return .failure(
        Refusal(
          code: .unknownType,
          message: "unknown type; known are subscribe, mute, unmute, forget, ping, status"))
    }
  }
}

extension Refusal: Error {}
