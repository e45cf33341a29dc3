import Glibc
import SerdSystem

/// One connection of a browser: what came so far of a request, and what waits to be sent. It belongs to the server's
/// thread. Times are nanoseconds of the monotonic clock.
struct HTTPConnection {
  private enum Phase {
    /// Waits for a request, or for the rest of one.
    case reading
    /// An answer waits to be sent.
    case answering(isLast: Bool, more: (() throws -> [UInt8]?)?)
    /// Server-sent events, until one of the two goes.
    case streaming
    /// The last answer is sent. What still comes is thrown away for a moment: a socket that is closed with unread bytes
    /// takes the answer away from the one who was refused.
    case lingering(bytes: Int)
    case ended
  }

  let descriptor: Int32
  let door: Door
  private(set) var deadline: Int64
  private var phase = Phase.reading
  private var input: [UInt8] = []
  /// A head that was read, and whose body is awaited.
  private var head: HTTPRequest?
  private var output: [UInt8] = []
  private var sent = 0
  private let limits: HTTPServer.Limits
  private static let pieces = 4

  init(descriptor: Int32, door: Door, limits: HTTPServer.Limits, now: Int64) {
    self.descriptor = descriptor
    self.door = door
    self.limits = limits
    deadline = now + limits.idle
  }

  var isStream: Bool { if case .streaming = phase { true } else { false } }
  var isReading: Bool { if case .reading = phase { true } else { false } }
  var isEnded: Bool { if case .ended = phase { true } else { false } }
  private var isLingering: Bool { if case .lingering = phase { true } else { false } }
  private var hasOutput: Bool { sent < output.count }
  private var hasMore: Bool { if case .answering(_, .some) = phase { true } else { false } }

  /// What to wait for in poll(2). While an answer is sent nothing is read: whoever asks waits.
  var interest: Int16 {
    Int16(isReading || isStream || isLingering ? POLLIN : 0) | Int16(hasOutput || hasMore ? POLLOUT : 0)
  }

  /// Takes what has come. Throws the status to refuse it with.
  mutating func receive(into buffer: inout [UInt8], now: Int64) throws(HTTPStatus) {
    let count: Int
    do throws(Errno) { count = try retrying { read(descriptor, &buffer, buffer.count) } } catch {
      if !error.wouldBlock { phase = .ended }
      return
    }
    guard count > 0 else {
      phase = .ended
      return
    }
    switch phase {
    case .reading:
      if input.isEmpty, head == nil { deadline = now + limits.patience }
      input += buffer[..<count]
    case .lingering(let bytes):
      phase = bytes + count > limits.lingeringBytes ? .ended : .lingering(bytes: bytes + count)
    // A viewer has nothing to say.
    case .streaming, .answering, .ended: break
    }
  }

  /// The next request that has come whole. Throws the status to refuse it with.
  mutating func request() throws(HTTPStatus) -> HTTPRequest? {
    guard isReading else { return nil }
    if head == nil {
      guard let end = Self.end(of: input) else {
        if input.count > limits.headBytes { throw .headTooLarge }
        return nil
      }
      if end > limits.headBytes { throw .headTooLarge }
      let request = try HTTPRequest(head: input[..<end])
      if request.bodyLength > limits.bodyBytes { throw .contentTooLarge }
      input.removeSubrange(..<(end + 4))
      head = request
    }
    guard var request = head, input.count >= request.bodyLength else { return nil }
    request.body = Array(input[..<request.bodyLength])
    input.removeSubrange(..<request.bodyLength)
    head = nil
    return request
  }

  private static func end(of input: [UInt8]) -> Int? {
    var from = 0
    while let index = input[from...].firstIndex(of: 0x0D) {
      if input[index...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) { return index }
      from = index + 1
    }
    return nil
  }

  /// Queues an answer.
  mutating func answer(_ reply: HTTPReply, to request: HTTPRequest?, now: Int64) {
    deadline = now + limits.writing
    let keeps = request?.isKeptAlive ?? false
    let isHead = request?.method == "HEAD"
    switch reply {
    case .response(let response):
      output += response.head(length: response.body.count, isKeptAlive: keeps)
      if !isHead { output += response.body }
      phase = .answering(isLast: !keeps, more: nil)
    case .pieces(var response, let next):
      response.headers.append(("Transfer-Encoding", "chunked"))
      output += response.head(length: nil, isKeptAlive: keeps)
      phase = .answering(isLast: !keeps, more: isHead ? nil : next)
    case .events(let first):
      let response = HTTPResponse(.ok, type: "text/event-stream", body: [])
      output += response.head(length: nil, isKeptAlive: true) + first
      phase = .streaming
    }
  }

  /// Queues bytes of a stream; one that does not read is let go: it comes back by itself, and gets what is true then.
  mutating func push(_ bytes: [UInt8], now: Int64) {
    guard isStream else { return }
    if !hasOutput { deadline = now + limits.writing }
    output += bytes
    if output.count - sent > limits.queueBytes { phase = .ended }
  }

  /// Sends what the socket takes; of a download only a few pieces, so that nobody else waits for its end.
  mutating func flush(now: Int64) {
    for _ in 0..<Self.pieces {
      while hasOutput {
        do throws(Errno) {
          sent += try retrying {
            output.withUnsafeBytes { send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL)) }
          }
          deadline = now + limits.writing
        } catch {
          if !error.wouldBlock { phase = .ended }
          return
        }
      }
      output.removeAll(keepingCapacity: true)
      sent = 0
      guard case .answering(let isLast, let more) = phase else { return }
      if let more {
        let piece: [UInt8]?
        do { piece = try more() } catch { return phase = .ended }
        // An empty chunk would be the end.
        if let piece, piece.isEmpty { continue }
        output += Self.chunk(piece ?? [])
        if piece == nil { phase = .answering(isLast: isLast, more: nil) }
        continue
      }
      deadline = now + (isLast ? limits.lingering : limits.idle)
      phase = isLast ? .lingering(bytes: 0) : .reading
      if isLast { shutdown(descriptor, Int32(SHUT_WR)) }
      return
    }
  }

  /// It is gone.
  mutating func hangUp() { phase = .ended }

  /// The deadline is over. Throws the status to say so with; nothing is said to one who said nothing.
  mutating func expire() throws(HTTPStatus) {
    if isReading, !input.isEmpty || head != nil { throw .requestTimeout }
    if isStream, !hasOutput { return deadline = .max }
    phase = .ended
  }

  private static func chunk(_ piece: [UInt8]) -> [UInt8] {
    Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [0x0D, 0x0A]
  }
}
