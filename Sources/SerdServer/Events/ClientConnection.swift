import Glibc
import SerdProtocol
import SerdSystem

/// One client of the event server: what waits to be sent to it, and what it has sent so far of a line.
///
/// A client that does not read lags once its queue is full: lines for it are counted, not kept. When it has read half
/// of its queue it is told how many it has missed. It belongs to the server's thread.
struct ClientConnection {
  /// The direction from the client.
  private enum Input {
    /// It may send commands; this is what came so far of a line.
    case open(LineBuffer)
    /// It sends no more. It may go on reading.
    case ended
  }

  /// The direction to the client. When both have ended, so has the connection.
  private enum Output {
    /// It gets every line.
    case keepingUp
    /// Its queue was full: so many lines were not queued since.
    case lagging(missed: Int)
    /// Its last line is queued; once the queue is sent, the connection ends.
    case closing
    /// It takes nothing any more. What it sent before may still be read.
    case ended
  }

  let descriptor: Int32
  /// Whether it asked for windows.
  var wantsWindows = false
  private(set) var refusedCommands = 0
  private(set) var seq = 0
  /// When bytes were last taken, the queue last empty, or the first line missed; nanoseconds of the server's monotonic
  /// clock.
  private(set) var progress: Int64
  private var input: Input
  private var output = Output.keepingUp
  private var queue: [UInt8] = []
  private var sent = 0
  private let limit: Int

  init(descriptor: Int32, settings: EventServer.Settings, now: Int64) {
    self.descriptor = descriptor
    limit = settings.queueBytes
    input = .open(LineBuffer(longest: settings.longestCommand))
    progress = now
  }

  /// Whether what it sends is still to be read.
  var isInputOpen: Bool {
    if case .open = input { return true }
    return false
  }

  /// Whether the server parts with it: after its last line it gets no other.
  var isClosing: Bool {
    if case .closing = output { return true }
    return false
  }

  /// Whether its commands count.
  var isServed: Bool { isInputOpen && !isClosing }

  /// It has missed lines or shall be gone: if it takes nothing more, the connection is not kept.
  var isOnNotice: Bool {
    switch output {
    case .lagging, .closing: true
    case .keepingUp, .ended: false
    }
  }

  var isFinished: Bool {
    switch (input, output) {
    case (.ended, .ended): true
    case (_, .closing): !hasPending
    default: false
    }
  }

  /// What to wait for in poll(2); hang-ups are always reported.
  var interest: Int16 {
    Int16(isServed ? POLLIN : 0) | Int16(hasPending ? POLLOUT : 0)
  }

  private var hasPending: Bool { sent < queue.count }

  /// Whether an event is for it.
  func wants(_ event: Event) -> Bool { !isClosing && (wantsWindows || !event.isWindow) }

  /// Queues a line. Returns false if the client is too slow and will not get it.
  mutating func send(_ content: LineEncoder.Content, now: Int64) -> Bool {
    switch output {
    case .closing, .ended: return true
    case .lagging:
      miss(1, now: now)
      return false
    case .keepingUp:
      let line = content.line(seq: seq + 1)
      if queue.count - sent + line.count > limit { flush(now: now) }
      guard queue.count - sent + line.count <= limit else {
        miss(1, now: now)
        return false
      }
      append(line)
      return true
    }
  }

  /// How many lines a client missed that has just made room again; after this call, lines can be queued.
  mutating func endOfLag() -> Int? {
    guard case .lagging(let missed) = output, queue.count - sent <= limit / 2 else { return nil }
    output = .keepingUp
    return missed
  }

  /// Counts lines that it will not get.
  mutating func miss(_ count: Int, now: Int64) {
    switch output {
    case .keepingUp:
      progress = now
      output = .lagging(missed: count)
    case .lagging(let missed): output = .lagging(missed: missed + count)
    case .closing, .ended: break
    }
  }

  /// A last line, whatever waits; then the connection ends.
  mutating func close(saying content: LineEncoder.Content) {
    switch output {
    case .keepingUp, .lagging:
      append(content.line(seq: seq + 1))
      output = .closing
    case .ended: hangUp()
    case .closing: break
    }
  }

  private mutating func append(_ line: [UInt8]) {
    // `send` may have found out that it takes nothing any more.
    if case .ended = output { return }
    seq += 1
    // What was sent is thrown away in pieces, so that the array does not move on every line.
    if sent > limit / 2 || sent == queue.count {
      queue.removeSubrange(..<sent)
      sent = 0
    }
    queue += line
  }

  /// Sends as much as the socket takes at present.
  mutating func flush(now: Int64) {
    while hasPending {
      do throws(Errno) {
        let count = try retrying { () -> Int in
          queue.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
          }
        }
        sent += count
        progress = now
      } catch {
        if error.wouldBlock { return }
        // Nothing that it asked before matters to a client that was to go.
        if isClosing { input = .ended }
        endOutput()
      }
    }
    progress = now
  }

  /// Reads what the client has sent, at most `buffer.count` bytes, so that no client keeps the others waiting.
  mutating func receive(into buffer: inout [UInt8], onLine: (LineBuffer.Line) -> Void) {
    guard case .open(var lines) = input else { return }
    // Taken out, so that the bytes are not copied when they change.
    input = .ended
    do throws(Errno) {
      let count = try retrying { read(descriptor, &buffer, buffer.count) }
      guard count > 0 else { return }
      lines.add(buffer[..<count], onLine: onLine)
      input = .open(lines)
    } catch {
      if error.wouldBlock { input = .open(lines) } else { hangUp() }
    }
  }

  /// It is gone in both directions.
  mutating func hangUp() {
    input = .ended
    endOutput()
  }

  private mutating func endOutput() {
    output = .ended
    queue.removeAll()
    sent = 0
  }

  mutating func countRefusal() { refusedCommands += 1 }
}
