import Foundation
import SerdProtocol
import SerdServer
import SerdTestKit
import Testing

/// Every kind of line that the server and the log write is what events.schema.json promises.
@Suite struct EventSchemaTests {
  private let schema: JSONSchema
  private static let folder = Golden.folder + "/../../Sources/SerdProtocol/"

  init() throws { schema = try JSONSchema(path: Self.folder + "events.schema.json") }

  /// Every type that the schema knows, as far as these lines have it.
  private func check(_ lines: [ReceivedLine]) throws -> Set<String> {
    var types: Set<String> = []
    for line in lines {
      #expect(try schema.defects(of: line.text) == [], "\(line.text)")
      #expect(line.message != .other, "the client library does not know \(line.text)")
      types.insert(String(line.text.dropFirst("{\"type\":\"".count).prefix { $0 != "\"" }))
    }
    return types
  }

  @Test("Every kind of line, as it was received")
  func everyLine() throws {
    var settings = EventServer.Settings()
    settings.queueBytes = 4096
    let fixture = try ServerFixture(settings: settings)
    let client = try RawClient(path: fixture.path)
    client.send(.subscribe(windows: true))
    client.send(.status)
    client.send(Array("nonsense\n".utf8))
    var lines = try client.linesSoFar()
    let uncertain = StateEvent.Emotion(label: StateEvent.Emotion.uncertain, id: nil, since: SampleEvents.time(3))
    let anger = StateEvent.Emotion(label: "anger", id: "1-1", since: SampleEvents.time(3))
    for event in SampleEvents.all
      + [
        SampleEvents.state(emotion: uncertain), SampleEvents.state(emotion: anger),
        SampleEvents.state(device: SampleEvents.waiting(.busy), level: -.infinity), silentWindow(),
      ]
    {
      fixture.publish(event)
      lines += try client.linesSoFar()
    }
    while fixture.server.statistics.linesLost == 0 { fixture.publish(SampleEvents.window(1)) }
    lines += try client.lines { if case .lagged = $0 { true } else { false } }
    let last = try RawClient(path: fixture.path)
    last.send(.ping)
    lines += try last.lines { $0 == .pong }
    fixture.server.stop()
    lines += try last.lines { $0 == .bye }
    let types = try check(lines)
    let promised = try #require(schema.root["oneOf"] as? [[String: Any]]).compactMap { choice in
      ((choice["properties"] as? [String: Any])?["type"] as? [String: Any])?["const"] as? String
    }
    #expect(types == Set(promised))
  }

  private func silentWindow() -> Event {
    .window(
      WindowEvent(
        startSeconds: 0, start: SampleEvents.time(0), end: SampleEvents.time(2), labels: TestModels.labels,
        probabilities: nil, level: .nan, speechRatio: 0))
  }

  @Test("Names of devices may hold any bytes: the line is still one line of valid JSON")
  func strangeNames() throws {
    let fixture = try ServerFixture()
    let client = try RawClient(path: fixture.path)
    try client.linesSoFar()
    let bytes: [[UInt8]] = [
      [0xFF, 0xFE, 0x80], Array("a\nb\r\u{0}\u{1B}[2J\"\\\u{2028}".utf8), Array("Mikrofon für Ärzte 🎤".utf8), [],
    ]
    for name in bytes.map({ String(decoding: $0, as: UTF8.self) }) {
      fixture.publish(SampleEvents.state(name: name))
      let lines = try client.linesSoFar()
      _ = try check(lines)
      guard lines.count == 1, case .event(.state(let state)) = lines[0].message else {
        Issue.record("\(lines)")
        continue
      }
      #expect(state.device.name == name)
    }
  }

  @Test("Every example of PROTOCOL.md is what the schema says, and every type has one")
  func examples() throws {
    let page = try String(contentsOfFile: Self.folder + "PROTOCOL.md", encoding: .utf8)
    // The page breaks long lines; what goes on is indented.
    let whole = page.replacingOccurrences(of: ",\n  ", with: ",")
    let lines = whole.split(separator: "\n").filter { $0.hasPrefix("{\"type\"") && $0.contains("\"seq\"") }
    let types = try check(lines.map { ReceivedLine(text: String($0)) })
    #expect(types.count == 11)
  }

  @Test("The validator finds what is wrong, or the tests above would prove nothing")
  func validator() throws {
    let good = #"{"type":"lagged","seq":1,"data":{"dropped":3}}"#
    #expect(try schema.defects(of: good) == [])
    for (part, other) in [
      ("\"seq\":1", "\"seq\":0"), ("\"seq\":1,", ""), ("3", "\"3\""), ("3", "0"), ("lagged", "lag"),
      ("\"dropped\":3", "\"dropped\":3,\"more\":1"), ("3", "3.5"), ("3", "true"), ("{\"dropped\":3}", "[]"),
    ] {
      #expect(try !schema.defects(of: good.replacingOccurrences(of: part, with: other)).isEmpty, "\(part) → \(other)")
    }
    let time =
      #"{"type":"health","seq":1,"data":{"condition":"clipping","detail":null,"time":{"utc":"U","monotonic_s":1},"gap_s":null}}"#
    #expect(try schema.defects(of: time.replacingOccurrences(of: "U", with: "2026-03-01T12:00:00.000Z")) == [])
    #expect(try !schema.defects(of: time.replacingOccurrences(of: "U", with: "2026-03-01 12:00:00Z")).isEmpty)
    #expect(try !schema.defects(of: time.replacingOccurrences(of: "clipping", with: "bored")).isEmpty)
  }
}
