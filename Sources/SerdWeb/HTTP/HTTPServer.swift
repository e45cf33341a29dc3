import Glibc
import SerdSystem

/// A small HTTP/1.1 server for a page and its few viewers, on poll(2), within its owner's loop and thread. What a
/// stranger can make it keep is bounded: connections, bytes of a request, the time that one takes.
///
/// Not for files, nor for TLS: it serves what a handler makes, and a reverse proxy does the rest.
package struct HTTPServer {
  /// Bounds; times in nanoseconds.
  package struct Limits: Sendable {
    package var connections = 64
    package var streams = 32
    package var headBytes = 16 << 10
    package var bodyBytes = 4096
    /// How long a request may take to come.
    package var patience: Int64 = 10_000_000_000
    /// How long a connection is kept without a request.
    package var idle: Int64 = 60_000_000_000
    /// How long a browser may take nothing of an answer.
    package var writing: Int64 = 30_000_000_000
    /// How long, and how much, is read after the last answer.
    package var lingering: Int64 = 2_000_000_000
    package var lingeringBytes = 8 << 20
    /// Most bytes that wait for one viewer.
    package var queueBytes = 256 << 10

    /// The defaults.
    package init() {}
  }

  /// How long nobody is let in after the system had no descriptor left.
  private static let pause: Int64 = 1_000_000_000

  private let doors: [ListeningSocket]
  private let limits: Limits
  private var connections: [HTTPConnection] = []
  private var closedUntil = Int64.min
  private var buffer = [UInt8](repeating: 0, count: 1 << 14)

  /// Serves at these doors.
  package init(at doors: [ListeningSocket], limits: Limits = Limits()) {
    self.doors = doors
    self.limits = limits
  }

  /// How many look on.
  package var viewers: Int { connections.count(where: \.isStream) }

  /// What to wait for.
  package func pollSet(now: Int64) -> [pollfd] {
    doors.map { pollfd(fd: now < closedUntil ? -1 : $0.descriptor, events: Int16(POLLIN), revents: 0) }
      + connections.map { pollfd(fd: $0.descriptor, events: $0.interest, revents: 0) }
  }

  /// When something must be done though nothing happens.
  package var deadline: Int64 { connections.map(\.deadline).min() ?? .max }

  /// Does what poll(2) found; `set` is what `pollSet` gave.
  package mutating func serve(
    _ set: some Collection<pollfd>, now: Int64, answer: (HTTPRequest, Door) -> HTTPReply
  ) {
    let set = Array(set)
    // Taken out, so that a connection can be changed while it reads into it.
    var buffer: [UInt8] = []
    swap(&buffer, &self.buffer)
    defer { swap(&buffer, &self.buffer) }
    for (index, found) in set.dropFirst(doors.count).enumerated() {
      if found.revents & Int16(POLLERR | POLLNVAL) != 0 { connections[index].hangUp() }
      if found.revents & Int16(POLLIN | POLLHUP) != 0 {
        refusing(index, now) { connection throws(HTTPStatus) in try connection.receive(into: &buffer, now: now) }
      }
      if found.revents != 0 { work(on: index, now: now, answer: answer) }
      if connections[index].deadline <= now {
        refusing(index, now) { connection throws(HTTPStatus) in try connection.expire() }
        connections[index].flush(now: now)
      }
    }
    removeEnded()
    for (door, found) in zip(doors, set) where found.revents != 0 { accept(at: door, now: now) }
  }

  /// Sends bytes to all who look on.
  package mutating func broadcast(_ bytes: [UInt8], now: Int64) {
    for index in connections.indices where connections[index].isStream {
      connections[index].push(bytes, now: now)
      connections[index].flush(now: now)
    }
    removeEnded()
  }

  /// Closes everything, and removes the files of sockets.
  package mutating func stop() {
    for connection in connections { close(connection.descriptor) }
    connections = []
    for door in doors { door.close() }
  }

  /// Answers all requests that have come, one after the other.
  private mutating func work(on index: Int, now: Int64, answer: (HTTPRequest, Door) -> HTTPReply) {
    connections[index].flush(now: now)
    while connections[index].isReading {
      var request: HTTPRequest?
      refusing(index, now) { connection throws(HTTPStatus) in request = try connection.request() }
      if let request {
        var reply = answer(request, connections[index].door)
        if case .events = reply, viewers >= limits.streams {
          reply = .response(HTTPResponse(.unavailable, "\(limits.streams) look on already"))
        }
        connections[index].answer(reply, to: request, now: now)
      }
      connections[index].flush(now: now)
      if request == nil { return }
    }
  }

  private mutating func refusing(_ index: Int, _ now: Int64, _ body: (inout HTTPConnection) throws(HTTPStatus) -> Void)
  {
    do throws(HTTPStatus) { try body(&connections[index]) } catch {
      connections[index].answer(.response(HTTPResponse(error)), to: nil, now: now)
    }
  }

  private mutating func accept(at door: ListeningSocket, now: Int64) {
    while true {
      let descriptor = Glibc.accept(door.descriptor, nil, nil)
      guard descriptor >= 0 else {
        // Until somebody goes: otherwise poll(2) would tell of him again and again.
        if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS { closedUntil = now + Self.pause }
        return
      }
      guard (try? Descriptors.prepare(descriptor)) != nil, makeRoom() else {
        close(descriptor)
        continue
      }
      var one: Int32 = 1
      // Fails at a Unix socket, which does not wait for more anyway.
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
      connections.append(HTTPConnection(descriptor: descriptor, door: door.door, limits: limits, now: now))
    }
  }

  /// Whoever has asked for nothing yet, or has had his answer, goes first: connections that do nothing keep nobody out.
  private mutating func makeRoom() -> Bool {
    guard connections.count >= limits.connections else { return true }
    guard let index = connections.firstIndex(where: \.isReading) else { return false }
    close(connections[index].descriptor)
    connections.remove(at: index)
    return true
  }

  private mutating func removeEnded() {
    guard connections.contains(where: \.isEnded) else { return }
    for connection in connections where connection.isEnded { close(connection.descriptor) }
    connections.removeAll(where: \.isEnded)
  }
}
