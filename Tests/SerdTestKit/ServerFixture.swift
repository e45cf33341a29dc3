import Foundation
import SerdProtocol
import SerdServer
import Synchronization

/// A small daemon without ears: the real event server at a temporary path, which follows `mute` and publishes what a
/// test says.
package final class ServerFixture: Sendable {
  /// Where it listens.
  package let path: String
  /// The real one.
  package let server: EventServer
  private let folder: ScratchFolder

  /// Serves at `path`, or at one of its own.
  package init(
    at path: String? = nil, clock: EventClock = .system, settings: EventServer.Settings = EventServer.Settings()
  ) throws {
    folder = try ScratchFolder()
    self.path = path ?? "\(folder.path)/events.sock"
    let link = Link()
    let handlers = EventServer.Handlers(
      mute: { isMuted in link.publish(SampleEvents.state(isMuted ? .muted : .listening)) },
      numbers: {
        var numbers = DaemonNumbers(started: SampleEvents.time(1))
        (numbers.windows, numbers.speechWindows, numbers.emotions) = (20, 5, ["anger": 2])
        if case .emotion(let emotion) = SampleEvents.emotion() { numbers.lastEmotion = emotion }
        return numbers
      })
    server = try EventServer(
      at: .path(self.path), hello: SampleEvents.hello, handlers: handlers, clock: clock, settings: settings)
    link.server.withLock { $0 = server }
    server.publish(SampleEvents.state())
    server.publish(SampleEvents.health())
  }

  deinit { server.stop() }

  /// Publishes events, in order.
  package func publish(_ events: Event...) { for event in events { server.publish(event) } }

  /// Until the server's counters are as wanted: asks again and again, since nobody tells. Throws after a minute.
  package func wait(until wanted: (ServerStatistics) -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while !wanted(server.statistics) {
      guard ContinuousClock.now < deadline else { throw RawClient.Silence() }
      sched_yield()
    }
  }

  /// The server knows its handlers before it exists.
  private final class Link: Sendable {
    let server = Mutex<EventServer?>(nil)
    func publish(_ event: Event) { server.withLock { $0?.publish(event) } }
  }
}

/// A client that does what a test wants, well-behaved or not: a plain blocking socket.
package final class RawClient {
  /// The server said nothing for too long, or hung up.
  package struct Silence: Error {
    /// It happens.
    package init() {}
  }

  /// Of the socket.
  package let descriptor: Int32
  private var bytes: [UInt8] = []
  private var start = 0

  /// Connects.
  package init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
    }
    if result != 0 { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }

  deinit { close(descriptor) }

  /// Sends bytes; false if the server has hung up.
  @discardableResult
  package func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count < 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Sends a command.
  @discardableResult
  package func send(_ command: ClientCommand) -> Bool { send(Array(command.line.utf8)) }

  /// Closes the direction to the server.
  package func endInput() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next line; nil once the server has hung up. Throws if there is none for a minute.
  package func line() throws -> ReceivedLine? {
    while true {
      if let end = bytes[start...].firstIndex(of: 0x0A) {
        defer { start = end + 1 }
        return ReceivedLine(text: String(decoding: bytes[start..<end], as: UTF8.self))
      }
      bytes.removeSubrange(..<start)
      start = 0
      var set = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
      guard poll(&set, 1, 60_000) > 0 else { throw Silence() }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(descriptor, &buffer, buffer.count)
      if count <= 0 { return nil }
      bytes += buffer[..<count]
    }
  }

  /// Lines up to and with the first that is wanted; throws if the server hangs up before, or says `limit` other things.
  @discardableResult
  package func lines(within limit: Int = 5_000, until wanted: (ReceivedLine.Message) -> Bool) throws -> [ReceivedLine] {
    var lines: [ReceivedLine] = []
    while true {
      guard let line = try line() else { throw Silence() }
      lines.append(line)
      if wanted(line.message) { return lines }
      if lines.count > limit { throw Silence() }
    }
  }

  /// All lines up to the answer to a `ping`: everything that the server had sent before it read that.
  @discardableResult
  package func linesSoFar() throws -> [ReceivedLine] {
    send(.ping)
    var lines: [ReceivedLine] = []
    // Not by its message: parsing is most of a large test's time.
    while let line = try line() {
      if line.text.hasPrefix("{\"type\":\"pong\"") { return lines }
      lines.append(line)
    }
    throw Silence()
  }
}
