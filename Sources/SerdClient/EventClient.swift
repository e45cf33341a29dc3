import Glibc
import SerdProtocol
import SerdSystem

/// A connection to a daemon's event socket. For one thread; the connection ends with the object.
public final class EventClient {
  /// Longest line of a daemon that is read: far more than any has.
  private static let longestLine = 1 << 20

  /// To wait for in poll(2).
  public let descriptor: Int32
  private let path: String
  private var input = LineBuffer(longest: EventClient.longestLine)
  private var waiting: [ReceivedLine] = []

  /// Connects to the socket at `path`.
  public init(path: String) throws(EventClientError) {
    self.path = path
    guard UnixSocket.isUsable(path: path) else {
      throw EventClientError(
        at: path, "has \(path.utf8.count) bytes",
        advice: "a socket\'s path has 1 to \(UnixSocket.longestPath)")
    }
    do throws(Errno) {
      descriptor = try UnixSocket.make()
    } catch {
      throw EventClientError(at: path, "cannot make a socket: \(error.words)")
    }
    do throws(Errno) {
      try UnixSocket.connect(descriptor, to: path)
    } catch {
      throw Self.explanation(of: error, path)
    }
  }

  deinit { close(descriptor) }

  private static func explanation(of error: Errno, _ path: String) -> EventClientError {
    switch error.code {
    case ENOENT, ECONNREFUSED, ENOTSOCK:
      EventClientError(
        at: path, "no daemon serves it",
        advice: "start it with 'systemctl start serd', or run 'serd'; --socket or SERD_SOCKET names another socket")
    case EACCES:
      EventClientError(
        at: path, "you may not connect to it",
        advice: "become a member of the group that owns it ('ls -l' shows it)")
    default: EventClientError(at: path, "cannot connect: \(error.words)")
    }
  }

  private static func explanation(of refusal: Refusal) -> EventClientError {
    EventClientError(at: nil, "the daemon says: \(refusal.message)")
  }

  /// Everything that has arrived, in order; does not wait. Throws once the daemon has ended the connection and all is
  /// read.
  public func receive() throws(EventClientError) -> [ReceivedLine] {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    var hasEnded = false
    while !hasEnded {
      do throws(Errno) {
        let count = try retrying { read(descriptor, &buffer, buffer.count) }
        hasEnded = count == 0
        input.add(buffer[..<count]) { line in
          // A daemon sends neither longer lines nor other bytes than UTF-8.
          guard case .complete(let bytes) = line, let text = String(validating: bytes, as: UTF8.self) else { return }
          waiting.append(ReceivedLine(text: text))
        }
      } catch {
        if error.wouldBlock { break }
        hasEnded = true
      }
    }
    if hasEnded, waiting.isEmpty {
      throw EventClientError(at: path, "the daemon has ended the connection")
    }
    defer { waiting = [] }
    return waiting
  }

  /// Waits for the first line that `wanted` accepts and returns what it made of it; lines before it are gone.
  ///
  /// - Parameter milliseconds: how long without any line is too long.
  public func wait<Wanted>(
    milliseconds: Int32, for wanted: (ReceivedLine.Message, ReceivedLine) -> Wanted?
  ) throws(EventClientError) -> Wanted {
    while true {
      var set = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
      Descriptors.wait(&set, milliseconds: milliseconds)
      guard set[0].revents != 0 else {
        throw EventClientError(
          at: path, "the socket is there, but no daemon answers", advice: "see 'systemctl status serd'")
      }
      for line in try receive() {
        let message = line.message
        if let found = wanted(message, line) { return found }
        if case .refusal(let refusal) = message { throw Self.explanation(of: refusal) }
      }
    }
  }

  /// Asks for something. Commands are short: a socket that does not take one has a daemon that does not read.
  public func send(_ command: ClientCommand) throws(EventClientError) {
    let bytes = Array(command.line.utf8)
    do throws(Errno) {
      let count = try retrying {
        bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      }
      if count == bytes.count { return }
    } catch {}
    // It may have hung up, and said why.
    for line in (try? receive()) ?? [] {
      if case .refusal(let refusal) = line.message { throw Self.explanation(of: refusal) }
    }
    throw EventClientError(at: path, "the daemon takes no commands")
  }
}
