import FoundationEssentials

/// A line from the daemon, as it came. It is understood only when asked for: a pipe passes it on as it is.
public struct ReceivedLine: Equatable, Sendable {
  /// What a line says. Types and values that this program does not know are `other`: a newer daemon may send them.
  public enum Message: Equatable, Sendable {
    /// Who is speaking.
    case hello(Hello)
    /// An event.
    case event(Event)
    /// The answer to `status`.
    case status(StatusReport)
    /// The daemon's refusal.
    case refusal(Refusal)
    /// Lines are missing here.
    case lagged(Lagged)
    /// The answer to `ping`.
    case pong
    /// The daemon ends.
    case bye
    /// Anything else.
    case other
  }

  private struct Header: Decodable {
    let type: String
    let seq: Int
  }

  private struct Body<Data: Decodable>: Decodable {
    let data: Data
  }

  /// Without its line feed; valid UTF-8.
  public let text: String

  /// A line, without its line feed.
  public init(text: String) { self.text = text }

  /// Its `seq`; nil if it is no line of the protocol.
  public var seq: Int? { decode(Header.self)?.seq }

  /// What it says. Cost: it is parsed each time.
  public var message: Message {
    guard let type = decode(Header.self)?.type else { return .other }
    let message: Message? =
      switch type {
      case "hello": body(Hello.self).map(Message.hello)
      case "state": body(StateEvent.self).map { .event(.state($0)) }
      case "emotion": body(EmotionEvent.self).map { .event(.emotion($0)) }
      case "window": body(WindowEvent.self).map { .event(.window($0)) }
      case "summary": body(SummaryEvent.self).map { .event(.summary($0)) }
      case "health": body(HealthEvent.self).map { .event(.health($0)) }
      case "status": body(StatusReport.self).map(Message.status)
      case "error": body(Refusal.self).map(Message.refusal)
      case "lagged": body(Lagged.self).map(Message.lagged)
      case "pong": .pong
      case "bye": .bye
      default: .other
      }
    return message ?? .other
  }

  private func body<Data: Decodable>(_ type: Data.Type) -> Data? { decode(Body<Data>.self)?.data }

  private func decode<Value: Decodable>(_ type: Value.Type) -> Value? {
    try? JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
