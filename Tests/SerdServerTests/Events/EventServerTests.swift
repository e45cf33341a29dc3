import Foundation
import SerdClient
import SerdProtocol
import SerdTestKit
import Synchronization
import Testing

/// One or a few clients at a real socket.
@Suite struct EventServerTests {
  @Test("A new client gets hello, the state and the health, then events, counted without gaps")
  func order() throws {
    let fixture = try ServerFixture()
    let client = try RawClient(path: fixture.path)
    var lines = try client.linesSoFar()
    #expect(
      lines.map(\.message) == [
        .hello(SampleEvents.hello), .event(SampleEvents.state()), .event(SampleEvents.health()),
      ])
    fixture.publish(SampleEvents.emotion(), SampleEvents.summary())
    lines += try client.linesSoFar()
    #expect(lines.count == 5)
    // The first pong was the fourth line.
    #expect(lines.map(\.seq) == [1, 2, 3, 5, 6])
  }

  @Test("Windows go only to those who asked, from then on until they ask otherwise")
  func windows() throws {
    let fixture = try ServerFixture()
    let (eager, plain) = (try RawClient(path: fixture.path), try RawClient(path: fixture.path))
    eager.send(.subscribe(windows: true))
    try eager.linesSoFar()
    fixture.publish(SampleEvents.window(1), SampleEvents.emotion(), SampleEvents.window(2))
    #expect(try eager.linesSoFar().count == 3)
    #expect(try plain.linesSoFar().filter { isWindow($0.message) }.isEmpty)
    eager.send(.subscribe(windows: false))
    try eager.linesSoFar()
    fixture.publish(SampleEvents.window(3), SampleEvents.summary())
    #expect(try eager.linesSoFar().count == 1)
  }

  private func isWindow(_ message: ReceivedLine.Message) -> Bool {
    if case .event(.window) = message { return true }
    return false
  }

  @Test("Mute and unmute reach the daemon, and everybody sees what follows")
  func mute() throws {
    let fixture = try ServerFixture()
    let (one, other) = (try RawClient(path: fixture.path), try RawClient(path: fixture.path))
    try other.linesSoFar()
    for (command, activity) in [(ClientCommand.mute, StateEvent.Activity.muted), (.unmute, .listening)] {
      one.send(command)
      for client in [one, other] { try client.lines { isState($0, activity) } }
    }
  }

  private func isState(_ message: ReceivedLine.Message, _ activity: StateEvent.Activity) -> Bool {
    if case .event(.state(let state)) = message { return state.activity == activity }
    return false
  }

  @Test("A change of the level alone is no line, but a new client sees it")
  func levels() throws {
    let fixture = try ServerFixture()
    let client = try RawClient(path: fixture.path)
    try client.linesSoFar()
    fixture.publish(SampleEvents.state(level: -12.34))
    #expect(try client.linesSoFar().isEmpty)
    let late = try RawClient(path: fixture.path)
    let levels = try late.linesSoFar().compactMap { line -> Double? in
      if case .event(.state(let state)) = line.message { return state.level }
      return nil
    }
    #expect(levels == [-12.3])
  }

  @Test("An overrun is told but not retained")
  func overruns() throws {
    let fixture = try ServerFixture()
    let client = try RawClient(path: fixture.path)
    try client.linesSoFar()
    fixture.publish(SampleEvents.health(.clipping), SampleEvents.health(.overrun))
    #expect(try client.linesSoFar().count == 2)
    let late = try RawClient(path: fixture.path)
    #expect(try late.linesSoFar().last?.message == .event(SampleEvents.health(.clipping)))
  }

  @Test("Status answers with the daemon's numbers and the server's")
  func status() throws {
    let fixture = try ServerFixture()
    let client = try RawClient(path: fixture.path)
    client.send(.status)
    let report = try #require(
      client.linesSoFar().compactMap { line -> StatusReport? in
        if case .status(let report) = line.message { return report }
        return nil
      }.first)
    #expect(report.server.clients == 1 && report.server.accepted == 1 && report.server.lines >= 3)
    #expect(report.daemon.windows == 20 && report.daemon.lastEmotion?.label == "anger")
    #expect(report.state?.activity == .listening && report.health?.condition == .listening)
  }

  @Test("A client may close its direction and go on reading; one that closes both is forgotten")
  func halfClosed() throws {
    let fixture = try ServerFixture()
    do {
      let client = try RawClient(path: fixture.path)
      try client.linesSoFar()
      client.endInput()
      fixture.publish(SampleEvents.emotion())
      #expect(try client.line()?.text.contains("anger") == true)
    }
    let client = try RawClient(path: fixture.path)
    try fixture.wait { $0.clients == 1 }
    try client.linesSoFar()
  }

  @Test("Commands of a client that closes at once are heard")
  func lastWords() throws {
    let fixture = try ServerFixture()
    let witness = try RawClient(path: fixture.path)
    do { try RawClient(path: fixture.path).send(.mute) }
    try witness.lines { isState($0, .muted) }
  }

  @Test("Client 65 is told that the server is full; when one leaves there is room again")
  func full() throws {
    let fixture = try ServerFixture()
    var clients = try (0..<64).map { _ in try RawClient(path: fixture.path) }
    for client in clients { try client.linesSoFar() }
    let late = try RawClient(path: fixture.path)
    let line = try late.line()
    guard case .refusal(let refusal) = line?.message else {
      Issue.record("\(line?.text ?? "nothing")")
      return
    }
    #expect(refusal.code == .full && refusal.message.contains("64"))
    #expect(try late.line() == nil)
    #expect(fixture.server.statistics.refused == 1)
    // Who asks after the server has hung up is told the same.
    let asking = try EventClient(path: fixture.path)
    var end = pollfd(fd: asking.descriptor, events: 0, revents: 0)
    #expect(poll(&end, 1, 60_000) == 1)
    let error = thrown(EventClientError.self) { try asking.send(.status) }
    #expect(error?.description.contains("64 clients are connected") == true)
    clients.removeLast()
    try fixture.wait { $0.clients == 63 }
    #expect(try RawClient(path: fixture.path).linesSoFar().count == 3)
    // Used to the end, or the optimiser lets all of them go at once.
    #expect(clients.count == 63)
  }

  @Test("Stopping says bye after everything that was published, and removes the socket file")
  func stopping() throws {
    let fixture = try ServerFixture()
    let client = try RawClient(path: fixture.path)
    try client.linesSoFar()
    for number in 0..<100 { fixture.publish(SampleEvents.emotion(id: "x-\(number)")) }
    fixture.server.stop()
    let lines = try client.lines { $0 == .bye }
    #expect(lines.count == 101)
    #expect(try client.line() == nil)
    #expect(access(fixture.path, F_OK) != 0)
    fixture.publish(SampleEvents.emotion())
    fixture.server.stop()
  }

  @Test("The times of a new state line follow the clock, whatever steps it makes")
  func clockSteps() throws {
    let offset = Mutex<Int64>(0)
    let clock = EventClock(
      monotonic: EventClock.system.monotonic,
      realtime: { EventClock.system.monotonic() + offset.withLock { $0 } })
    // A Raspberry Pi has no clock that runs while it is off: it starts in the past, then NTP sets it.
    let noon: Int64 = 1_772_366_400_000_000_000
    offset.withLock { $0 = noon }
    let fixture = try ServerFixture(clock: clock)
    let client = try RawClient(path: fixture.path)
    try client.linesSoFar()
    var starts: [Timestamp] = []
    let day: Int64 = 86_400_000_000_000
    for (step, date) in [(0, "2026-03-01T12:"), (day, "2026-03-02T12:"), (-day, "2026-02-28T12:")] {
      offset.withLock { $0 = noon + step }
      let start = Double(10 + starts.count)
      fixture.publish(SampleEvents.emotion(start: start))
      guard case .event(.emotion(let emotion)) = try client.linesSoFar().first?.message else { continue }
      #expect(emotion.start.utc.hasPrefix(date) && emotion.start.utc.hasSuffix("Z"), "\(emotion.start.utc)")
      #expect(emotion.start.utc.contains("T12:00:1\(starts.count).000Z"))
      starts.append(emotion.start)
    }
    #expect(starts.count == 3 && starts == starts.sorted())
    // The retained state is written with the clock of now, too.
    let late = try RawClient(path: fixture.path).linesSoFar()
    #expect(late.contains { $0.text.contains("2026-02-28T12:00:01.000Z") })
  }
}
