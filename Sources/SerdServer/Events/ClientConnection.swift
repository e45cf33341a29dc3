import Glibc
import SerdProtocol
import SerdSystem

/// One client of the event server: what waits to be sent to it, and what it has sent so far of a line.
///
/// A client that does not read is in the state `lagging` once its queue is full: lines for it are counted, not kept. When it has
/// read half of its queue it is told how many it has missed. It belongs to the server's thread.
struct ClientConnection {
  private enum Reading {
    case keepingUp
    /// Its queue was full: so many lines were not queued since.
    case lagging(missed: Int)
  }

  let descriptor: Int32
  /// Whether it asked for windows.
  var wantsWindows = false
  /// Whether it may still send commands; a client may close that direction and go on reading.
  private(set) var isInputOpen = true
  /// The connection ends once its queue is sent.
  private(set) var isClosing = false
  /// It takes nothing any more; what it sent before may still be read.
  private(set) var isDeaf = false
  /// The socket is dead.
  private(set) var isBroken = false
  private(set) var refusedCommands = 0
  private(set) var seq = 0
  /// When bytes were last taken, the queue last empty, or the first line missed; nanoseconds of the server's monotonic clock.
  private(set) var progress: Int64
  private var reading = Reading.keepingUp
  private var queue: [UInt8] = []
  private var sent = 0
  private var input: LineBuffer
  private let limit: Int

  init(descriptor: Int32, settings: EventServer.Settings, now: Int64) {
    self.descriptor = descriptor
    limit = settings.queueBytes
    input = LineBuffer(longest: settings.longestCommand)
    progress = now
  }

  var hasPending: Bool { sent < queue.count }
  var isFinished: Bool { isBroken || !hasPending && (isClosing || isDeaf && !isInputOpen) }
  /// It has missed lines or shall be gone: if it takes nothing more, the connection is not kept.
  var isOnNotice: Bool {
    if case .lagging = reading { return true }
    return isClosing
  }

  /// What to wait for in poll(2); hang-ups are always reported.
  var interest: Int16 {
    Int16(isInputOpen && !isClosing ? POLLIN : 0) | Int16(hasPending ? POLLOUT : 0)
  }

  /// Queues a line. Returns false if the client is too slow and will not get it.
  mutating func send(_ content: LineEncoder.Content, now: Int64) -> Bool {
    if case .lagging = reading {
      miss(1, now: now)
      return false
    }
    let line = content.line(seq: seq + 1)
    if queue.count - sent + line.count > limit { flush(now: now) }
    guard queue.count - sent + line.count <= limit else {
      miss(1, now: now)
      return false
    }
    append(line)
    return true
  }

  /// How many lines a client missed that has just made room again; after this call, lines can be queued.
  mutating func endOfLag() -> Int? {
    guard case .lagging(let missed) = reading, queue.count - sent <= limit / 2 else { return nil }
    reading = .keepingUp
    return missed
  }

  /// Counts lines that it will not get.
  mutating func miss(_ count: Int, now: Int64) {
    guard case .lagging(let missed) = reading else {
      progress = now
      reading = .lagging(missed: count)
      return
    }
    reading = .lagging(missed: missed + count)
  }

  /// A last line, whatever waits; then the connection ends.
  mutating func close(saying content: LineEncoder.Content? = nil) {
    guard !isClosing else { return }
    isClosing = true
    if let content { append(content.line(seq: seq + 1)) }
  }

  private mutating func append(_ line: [UInt8]) {
    guard !isDeaf else { return }
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
        isDeaf = true
        queue.removeAll()
        sent = 0
      }
    }
    progress = now
  }

  /// Reads what the client has sent, at most `buffer.count` bytes, so that no client keeps the others waiting.
  mutating func receive(into buffer: inout [UInt8], onLine: (LineBuffer.Line) -> Void) {
    do throws(Errno) {
      let count = try retrying { read(descriptor, &buffer, buffer.count) }
      if count == 0 { isInputOpen = false } else { input.add(buffer[..<count], onLine: onLine) }
    } catch {
      if !error.wouldBlock { isBroken = true }
    }
  }

  /// It is gone in both directions.
  mutating func hangUp() { isBroken = true }

  mutating func countRefusal() { refusedCommands += 1 }
}
