import Foundation
import SerdProtocol
import SerdServer
import SerdTestKit
import Synchronization
import Testing

/// What clients may do to the server: nothing that another client or the publisher would notice.
@Suite(.serialized) struct EventFloodTests {
  private func windowNumbers(_ messages: [ReceivedLine.Message]) -> [Int] {
    messages.compactMap { message in
      if case .event(.window(let window)) = message { return Int(window.startSeconds) }
      return nil
    }
  }

  private func dropped(_ messages: [ReceivedLine.Message]) -> [Int] {
    messages.compactMap { message in
      if case .lagged(let lagged) = message { return lagged.dropped }
      return nil
    }
  }

  private func subscriber(_ fixture: ServerFixture) throws -> RawClient {
    let client = try RawClient(path: fixture.path)
    client.send(.subscribe(windows: true))
    return client
  }

  /// Anonymous and file memory of this process, in bytes.
  private func residentBytes() throws -> Int {
    let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
    return Int(pages)! * Int(getpagesize())
  }

  @Test("64 clients, 32 of them stalled, vandals coming and going: readers miss nothing, memory stays")
  func crowd() throws {
    var settings = EventServer.Settings()
    // However slow this machine is at present: those who stall are to be there at the end.
    settings.patience = .seconds(3600)
    let fixture = try ServerFixture(settings: settings)
    let readers = try (0..<16).map { _ in try subscriber(fixture) }
    let stalled = try (0..<32).map { _ in try subscriber(fixture) }
    var received = try readers.map { try $0.linesSoFar() }
    let vandals = Vandals(path: fixture.path)
    let before = try residentBytes()
    let (batches, batch) = (30, 50)
    for number in 0..<batches * batch {
      fixture.publish(SampleEvents.window(number))
      guard (number + 1) % batch == 0 else { continue }
      for index in readers.indices { received[index] += try readers[index].linesSoFar() }
    }
    let growth = try residentBytes() - before
    let attacks = vandals.stop()
    for lines in received {
      let (messages, seqs) = (lines.map(\.message), lines.map { $0.seq! })
      #expect(windowNumbers(messages) == Array(0..<batches * batch))
      #expect(dropped(messages).isEmpty)
      // One pong after the first lines and one after each batch is not in the list.
      #expect(seqs.last == lines.count + batches)
      #expect(zip(seqs, seqs.dropFirst()).allSatisfy { $1 - $0 == 1 || $1 - $0 == 2 })
    }
    // 64 queues of 64 KiB, and what this test itself keeps and parses. A server that kept long lines would have up to
    // 16 of 10 MB.
    #expect(growth < 100_000_000, "grown by \(growth) bytes")
    #expect(fixture.server.statistics.linesLost > 0, "nobody stalled")
    #expect(attacks > 0 && fixture.server.statistics.commandsRefused > 0)
    for client in stalled {
      // Up to what follows on the notice that lines are missing.
      var healths = 0
      let lines = try client.lines(within: .max) {
        if case .event(.health) = $0 { healths += 1 }
        return healths == 2
      }
      #expect(lines.map(\.seq) == Array(1...lines.count))
      let messages = lines.map(\.message)
      #expect(dropped(messages).count == 1)
      #expect(windowNumbers(messages).count + dropped(messages).reduce(0, +) == batches * batch)
    }
  }

  @Test("A client that lagged is told how much it missed, then what is true now")
  func lagged() throws {
    var settings = EventServer.Settings()
    settings.queueBytes = 4096
    let fixture = try ServerFixture(settings: settings)
    let client = try subscriber(fixture)
    try client.linesSoFar()
    while fixture.server.statistics.linesLost < 10 { fixture.publish(SampleEvents.window(1)) }
    fixture.publish(SampleEvents.state(.muted))
    // The state that follows on the notice may be this one already, or come before it.
    var (isMuted, isHealthTold) = (false, false)
    let lines = try client.lines(within: .max) { message in
      if case .event(.state(let state)) = message, state.activity == .muted { isMuted = true }
      if case .event(.health) = message { isHealthTold = true }
      return isMuted && isHealthTold
    }
    let told = try #require(lines.firstIndex { $0.text.contains("\"type\":\"lagged\"") })
    #expect(dropped(lines.map(\.message)).reduce(0, +) >= 10)
    let next = try #require(lines.dropFirst(told + 1).first)
    #expect(next.text.hasPrefix("{\"type\":\"state\""), "what is true now follows at once")
    #expect(dropped(lines.map(\.message)).reduce(0, +) >= 10)
    let follows = lines[(told + 1)...].prefix(2).map(\.message)
    #expect(follows.last == .event(SampleEvents.health()), "what is true follows at once")
    #expect(zip(lines, lines.dropFirst()).allSatisfy { $1.seq == $0.seq! + 1 })
  }

  @Test("A client that takes nothing for longer than the server's patience loses its connection")
  func patience() throws {
    var settings = EventServer.Settings()
    settings.patience = .milliseconds(50)
    let fixture = try ServerFixture(settings: settings)
    let client = try subscriber(fixture)
    try client.linesSoFar()
    while fixture.server.statistics.dropped == 0 { fixture.publish(SampleEvents.window(1)) }
    try fixture.wait { $0.dropped == 1 && $0.clients == 0 }
    while try client.line() != nil {}
  }

  @Test("A last line is the last, also for a client that has missed lines")
  func lastLine() throws {
    var settings = EventServer.Settings()
    settings.queueBytes = 4096
    settings.patience = .seconds(3600)
    let fixture = try ServerFixture(settings: settings)
    let client = try subscriber(fixture)
    try client.linesSoFar()
    // Many times what the system keeps for a socket.
    let count = 3000
    for _ in 0..<count { fixture.publish(SampleEvents.window(1)) }
    try fixture.wait { $0.lines + $0.linesLost >= count }
    for _ in 0...settings.refusals { client.send(Array("x\n".utf8)) }
    try fixture.wait { $0.dropped == 1 }
    fixture.publish(SampleEvents.state(.muted))
    var last: ReceivedLine?
    while let line = try client.line() { last = line }
    guard case .refusal(let refusal)? = last?.message else { throw RawClient.Silence() }
    #expect(refusal.code == .tooManyErrors)
  }

  @Test("Publishing does not wait for a server that is stuck; clients are told what did not fit")
  func stuckServer() throws {
    let (entered, released) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let folder = try ScratchFolder()
    let handlers = EventServer.Handlers(
      mute: { _ in
        entered.signal()
        released.wait()
      }, numbers: { DaemonNumbers(started: SampleEvents.time(0)) })
    let path = folder.path + "/events.sock"
    let server = try EventServer(at: .path(path), hello: SampleEvents.hello, handlers: handlers)
    let client = try RawClient(path: path)
    client.send(.subscribe(windows: true))
    try client.linesSoFar()
    client.send(.mute)
    entered.wait()
    for number in 0..<2000 { server.publish(SampleEvents.window(number)) }
    released.signal()
    let lines = try client.lines(within: .max) { if case .lagged = $0 { true } else { false } }
    let messages = lines.map(\.message)
    #expect(windowNumbers(messages).count + dropped(messages).reduce(0, +) == 2000)
    #expect(dropped(messages).reduce(0, +) >= 976)
    server.stop()
  }

  @Test("Garbage gets error lines, then the connection ends; 10 MB without a line feed get one")
  func garbage() throws {
    let fixture = try ServerFixture()
    let client = try RawClient(path: fixture.path)
    try client.linesSoFar()
    let long = [UInt8](repeating: 0x61, count: 10_000_000) + [0x0A]
    let lines: [([UInt8], Refusal.Code)] = [
      (long, .tooLong), (Array("{\"type\":\"dance\"}\n".utf8), .unknownType), (Array("hello?\n".utf8), .malformed),
      ([0xFF, 0xFE, 0x22, 0x0A], .malformed), (Array("{\"type\":[]}\n".utf8), .malformed), ([0, 0, 0x0A], .malformed),
      (Array("{\"type\":\"subscribe\",\"data\":{\"windows\":7}}\n".utf8), .malformed),
      (Array((String(repeating: "[", count: 4000) + "\n").utf8), .malformed),
      (Array("[\"type\"]\n".utf8), .malformed),
    ]
    for (bytes, code) in lines {
      client.send(bytes)
      guard case .refusal(let refusal) = try client.line()?.message else {
        Issue.record("no error line for \(bytes.prefix(20))")
        continue
      }
      #expect(refusal.code == code)
    }
    // Empty lines are none, and the connection still works.
    client.send([0x0A, 0x0A])
    #expect(try client.linesSoFar().isEmpty)
    for _ in 0..<8 { client.send(Array("x\n".utf8)) }
    let rest = try client.lines(within: .max) { message in
      if case .refusal(let refusal) = message { return refusal.code == .tooManyErrors }
      return false
    }
    #expect(rest.count == 8)
    #expect(try client.line() == nil)
    #expect(fixture.server.statistics.dropped == 1)
  }
}

/// Clients that connect, send what they like and vanish, on a thread of their own, up to 16 at a time and 200 in all.
private final class Vandals: Sendable {
  private let attacks = Mutex(0)
  private let isOver = Atomic(false)
  private let done = DispatchSemaphore(value: 0)

  init(path: String) {
    Thread.detachNewThread { [self] in
      var generator = TestGenerator(seed: 7)
      var clients: [RawClient] = []
      let junk = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let letters = [UInt8](repeating: 0x61, count: 1_000_000)
      while !isOver.load(ordering: .relaxed), attacks.withLock({ $0 < 200 }) {
        if clients.count == 16 { clients.remove(at: Int.random(in: 0..<16, using: &generator)) }
        guard let client = try? RawClient(path: path) else { continue }
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: for _ in 0..<10 where !client.send(letters) { break }
        case 1: client.send(junk)
        case 2: client.send(Array("{\"type\":\"subscr".utf8))
        case 3: client.endInput()
        default: client.send(Array(String(repeating: "{\"type\":\"ping\"}\n", count: 200).utf8))
        }
        clients.append(client)
        attacks.withLock { $0 += 1 }
      }
      done.signal()
    }
  }

  /// Ends them, and says how many there were.
  func stop() -> Int {
    isOver.store(true, ordering: .relaxed)
    done.wait()
    return attacks.withLock { $0 }
  }
}
