import SerdProtocol
import Testing

/// Lines and times as they are on the wire.
@Suite struct LineTests {
  private func lines(_ chunks: [String], longest: Int) -> [LineBuffer.Line] {
    var buffer = LineBuffer(longest: longest)
    var lines: [LineBuffer.Line] = []
    for chunk in chunks { buffer.add(Array(chunk.utf8)[...]) { lines.append($0) } }
    return lines
  }

  @Test("Bytes become lines wherever they are cut")
  func cuts() {
    let whole = lines(["one\ntwo\n\n"], longest: 10)
    #expect(whole == [.complete(Array("one".utf8)), .complete(Array("two".utf8)), .complete([])])
    #expect(lines(["o", "ne\nt", "wo", "\n\n"], longest: 10) == whole)
  }

  @Test("A line that is too long is told once, and the next is heard again")
  func tooLong() {
    #expect(lines(["abcd", "efgh", "ij\nok\n"], longest: 5) == [.tooLong, .complete(Array("ok".utf8))])
    #expect(lines(["12345\n"], longest: 5) == [.complete(Array("12345".utf8))])
  }

  @Test("Lines of a newer daemon are understood as far as they can be")
  func newerDaemon() {
    func message(_ text: String) -> ReceivedLine.Message { ReceivedLine(text: text).message }
    #expect(message(#"{"type":"lagged","seq":1,"data":{"dropped":3,"since":"yesterday"},"more":1}"#) != .other)
    #expect(message(#"{"type":"smell","seq":1,"data":{}}"#) == .other)
    #expect(message(#"{"type":"health","seq":1,"data":{"condition":"bored"}}"#) == .other)
    for junk in ["", "{", "null", "[]", "\u{0}", "{\"type\":\"state\",\"seq\":1}"] { #expect(message(junk) == .other) }
  }

  @Test("Numbers are rounded as lines show them; what JSON cannot hold becomes what it can")
  func rounding() {
    #expect(Rounded.share(0.123456) == 0.1235 && Rounded.share(.nan) == 0)
    #expect(Rounded.level(-30.04) == -30 && Rounded.level(-.infinity) == -200 && Rounded.level(.nan) == -200)
    #expect(Rounded.seconds(1.00049) == 1 && Rounded.seconds(.infinity) == 0)
  }

  @Test("Every command is understood as what it was written for")
  func commands() {
    for command in [ClientCommand.subscribe(windows: true), .subscribe(windows: false), .mute, .unmute, .ping, .status]
    {
      guard case .success(let parsed) = ClientCommand.parse(Array(command.line.utf8.dropLast())) else {
        Issue.record("\(command.line) is refused")
        continue
      }
      #expect(parsed == command)
    }
  }
}
