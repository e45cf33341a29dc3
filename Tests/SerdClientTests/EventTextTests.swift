import Foundation
import SerdClient
import SerdProtocol
import SerdTestKit
import Testing

/// What people see: the view of `serd watch` and the screen of `serd status`.
@Suite struct EventTextTests {
  private func model(_ events: [Event]) -> WatchModel {
    var model = WatchModel()
    model.take(.hello(SampleEvents.hello))
    for event in events { model.take(.event(event)) }
    return model
  }

  private func lines(_ model: WatchModel, width: Int = 80, height: Int = 24, inColour: Bool = false) -> [String] {
    WatchScreen(width: width, height: height, inColour: inColour).lines(model, now: 130_000_000_000)
  }

  @Test(
    "The view fits any terminal, whatever is to be shown",
    arguments: [(80, 24), (40, 10), (200, 60), (41, 3), (80, 1)])
  func size(width: Int, height: Int) {
    let long = String(repeating: "long name ", count: 30)
    let busy = model(SampleEvents.all + [SampleEvents.state(name: long), SampleEvents.window(3)])
    var absent = busy
    absent.disconnect(reason: long)
    let waiting = model([SampleEvents.state(device: SampleEvents.waiting(.busy, problem: long), name: long)])
    for model in [WatchModel(), busy, absent, waiting] {
      let lines = lines(model, width: width, height: height)
      #expect(lines.count <= height)
      #expect(lines.allSatisfy { $0.count <= width }, "\(lines.map(\.count))")
    }
  }

  @Test("At 80 × 24 everything is on the screen")
  func content() throws {
    let anger = StateEvent.Emotion(label: "anger", id: "1-1", since: SampleEvents.time(124.4))
    let view = lines(model([SampleEvents.state(emotion: anger), SampleEvents.window(1), SampleEvents.emotion()]))
    #expect(view.count == 24)
    #expect(view[0].contains("sample  plughw:CARD=Mic") && view[0].hasSuffix("● listening  2 min 9 s"))
    #expect(view[2] == " anger  for 5.6 s")
    #expect(view[4].contains("level") && view[4].contains("█") && view[4].hasSuffix("-23.4 dBFS"))
    #expect(view[5].contains("gate open"))
    let row = try #require(view.first { $0.hasPrefix(" anger   ") })
    #expect(row.hasSuffix(" 80 %"))
    let blocks = Double(row.filter { $0 == "█" }.count)
    let width = Double(row.count - " anger      ".count - " 123456789 ".count)
    #expect(abs(blocks / width - 0.8) < 0.03)
    for label in TestModels.labels { #expect(view.contains { $0.hasPrefix(" \(label)") }) }
    #expect(view.contains { $0.hasSuffix("anger begins, 88 %" + String(repeating: " ", count: 50)) })
    #expect(view[23] == " q quit   m mute")
  }

  @Test("Each condition is named, with what to do")
  func conditions() {
    func second(_ events: Event...) -> String { lines(model(events))[2] }
    #expect(second(SampleEvents.state(.waiting)).contains("plug it in"))
    #expect(second(SampleEvents.state(.muted)).contains("serd unmute"))
    #expect(second(SampleEvents.state(), SampleEvents.health(.noSignal)).contains("the sound is no-signal"))
    #expect(second(SampleEvents.state(), SampleEvents.health(.overrun)).contains("no speech"))
    var absent = model([SampleEvents.state()])
    absent.disconnect(reason: "no daemon serves x")
    #expect(lines(absent)[2].contains("no daemon serves x") && lines(absent)[0].hasSuffix("○ no daemon"))
  }

  @Test("Control characters of others do not reach the terminal; colours come only if wanted")
  func controls() {
    let strange = model([SampleEvents.state(name: "a\u{1B}[2Jb\u{9B}c\n")])
    #expect(!lines(strange).joined().unicodeScalars.contains { $0.properties.generalCategory == .control })
    #expect(lines(strange, inColour: true).joined().contains("\u{1B}[1m"))
    let plain = lines(strange, inColour: true).map { line in
      line.replacingOccurrences(of: "\u{1B}\\[[0-9;]*m", with: "", options: .regularExpression)
    }
    #expect(plain == lines(strange))
  }

  @Test("The list of events says what changed, and only that")
  func entries() {
    let events = [
      SampleEvents.state(), SampleEvents.state(level: -3), SampleEvents.health(), SampleEvents.health(.clipping),
      SampleEvents.health(.clipping), SampleEvents.health(.overrun), SampleEvents.health(),
      SampleEvents.health(.overrun),
      SampleEvents.health(.overrun), SampleEvents.window(1), SampleEvents.summary(), SampleEvents.state(.muted),
    ]
    let texts = model(events).entries.map(\.text)
    #expect(
      texts == [
        "muted", "the sound is overrun", "the sound is overrun", "the sound is well again", "the sound is overrun",
        "the sound is clipping",
        "listening",
      ])
  }

  @Test("A status report reads well and says whether all is well")
  func status() {
    func text(_ event: Event?, _ health: Event? = nil) -> StatusText {
      var (state, condition): (StateEvent?, HealthEvent?) = (nil, nil)
      if case .state(let value) = event { state = value }
      if case .health(let value) = health { condition = value }
      return StatusText(
        hello: SampleEvents.hello,
        report: StatusReport(
          time: SampleEvents.time(100), state: state, health: condition,
          daemon: DaemonNumbers(started: SampleEvents.time(1)), server: ServerStatistics()))
    }
    #expect(text(nil).complaint != nil)
    #expect(text(SampleEvents.state()).complaint == nil && text(SampleEvents.state(.muted)).complaint == nil)
    #expect(text(SampleEvents.state(.waiting)).complaint?.contains("plug it in") == true)
    #expect(text(SampleEvents.state(), SampleEvents.health(.noSignal)).complaint == "the sound is no-signal")
    #expect(text(SampleEvents.state(), SampleEvents.health(.clipping)).complaint == nil)
    let screen = text(SampleEvents.state(), SampleEvents.health(.overrun)).text
    for part in [
      "listening for 1 min 39 s", "-30.0 dBFS", "overrun: the sound is overrun (1 min 38 s ago)", "none so far",
    ] {
      #expect(screen.contains(part), "\(part) is not in\n\(screen)")
    }
  }
}
