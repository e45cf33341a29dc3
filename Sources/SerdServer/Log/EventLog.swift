import Glibc
import SerdProtocol
import SerdSystem
import Synchronization

/// Writes every event as a line to a file or to standard output, from a thread of its own: a slow disk delays nobody.
///
/// What cannot be written is counted; the trouble is reported once, and the first line that can be written again is a
/// `lagged` line that says how many are missing. `seq` counts the lines of this log since the start.
package final class EventLog: Sendable {
  /// Where lines go.
  package enum Destination: Sendable {
    /// A file, and older ones beside it.
    case file(path: String, rotation: LogRotation = LogRotation())
    /// For the journal, or a pipe.
    case standardOutput
  }

  enum Message: Sendable {
    case event(Event)
    case reopen
  }

  /// How many windows wait for a slow disk, and twice as many events of all kinds.
  static let waiting = 1024

  private let mailbox: Mailbox<Message>
  private let thread: WorkThread

  /// Writes `hello`, then events as they are published.
  ///
  /// - Parameters:
  ///   - windows: whether window lines are written too: about two a second.
  ///   - report: gets one line of text when writing begins to fail and one when it works again, on the log's thread.
  /// - Throws: if there is no thread or descriptor left; not for a file that cannot be written, which is reported.
  package init(
    to destination: Destination, hello: Hello, windows: Bool = false, clock: EventClock = .system,
    report: @escaping @Sendable (String) -> Void
  ) throws(EventServerError) {
    do throws(Errno) {
      let mailbox = try Mailbox<Message>(capacity: Self.waiting)
      thread = try WorkThread(name: "serd-log", stack: WorkThread.usualStack) {
        var writer = EventLogWriter(
          sink: EventLogSink(destination), encoder: LineEncoder(clock: clock), windows: windows,
          report: report)
        writer.run(mailbox, hello: hello)
      }
      self.mailbox = mailbox
    } catch {
      throw EventServerError(
        .system, "the event log cannot start: \(error.words)", advice: "raise the limits of the service")
    }
  }

  deinit { stop() }

  /// Hands an event over; returns at once. May be called from any thread.
  package func publish(_ event: Event) { mailbox.post(.event(event), matters: !event.isWindow) }

  /// Opens the file anew: after logrotate has moved it, or on SIGHUP.
  package func reopen() { mailbox.post(.reopen, matters: true) }

  /// Writes what waits, and closes. Waits until that is done; a pipe that nobody reads is given half a second.
  package func stop() {
    mailbox.seal()
    thread.join()
  }
}

/// A file or standard output.
enum EventLogSink {
  case file(LogFile)
  case standardOutput

  init(_ destination: EventLog.Destination) {
    switch destination {
    case .file(let path, let rotation): self = .file(LogFile(path: path, rotation: rotation))
    case .standardOutput: self = .standardOutput
    }
  }

  var name: String {
    switch self {
    case .file(let file): file.path
    case .standardOutput: "standard output"
    }
  }

  mutating func append(_ line: [UInt8]) throws(Errno) {
    switch self {
    case .file(var file):
      defer { self = .file(file) }
      try file.append(line)
    case .standardOutput: try Self.print(line)
    }
  }

  mutating func close() {
    if case .file(var file) = self {
      file.close()
      self = .file(file)
    }
  }

  /// A pipe that is writable takes a line of at most PIPE_BUF bytes without blocking, and most lines are shorter; so a
  /// reader that stopped reading costs lines, not the end of the program.
  private static func print(_ line: [UInt8]) throws(Errno) {
    var written = 0
    while written < line.count {
      var set = [pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)]
      Descriptors.wait(&set, milliseconds: 500)
      guard set[0].revents != 0 else { throw Errno(code: EAGAIN) }
      let end = min(line.count, written + 4096)
      written += try retrying {
        line[written..<end].withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      }
    }
  }
}

/// What the log's thread does.
struct EventLogWriter {
  private enum State {
    case writing
    /// So many lines were not written since.
    case failing(lost: Int)
  }

  private var sink: EventLogSink
  private let encoder: LineEncoder
  private let windows: Bool
  private let report: @Sendable (String) -> Void
  private var state = State.writing
  private var seq = 0
  private var last: StateEvent?
  /// A disk that is full again and again is not told each time.
  private var repetition = Repetition(burst: 4)

  init(
    sink: EventLogSink, encoder: LineEncoder, windows: Bool,
    report: @escaping @Sendable (String) -> Void
  ) {
    self.sink = sink
    self.encoder = encoder
    self.windows = windows
    self.report = report
  }

  /// Until the mailbox is sealed and empty.
  mutating func run(_ mailbox: Mailbox<EventLog.Message>, hello: Hello) {
    write(encoder.content("hello", hello))
    while true {
      var set = [pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)]
      Descriptors.wait(&set, milliseconds: -1)
      let delivery = mailbox.take()
      for message in delivery.elements { handle(message) }
      if delivery.refused > 0 { lose(delivery.refused, because: "it is too slow") }
      if delivery.isClosed { break }
    }
    sink.close()
  }

  private mutating func handle(_ message: EventLog.Message) {
    switch message {
    case .reopen: sink.close()
    case .event(.window) where !windows: break
    case .event(.state(let new)):
      if new.differs(from: last) { write(encoder.content(.state(new))) }
      last = new
    case .event(let event): write(encoder.content(event))
    }
  }

  private mutating func write(_ content: LineEncoder.Content) {
    do throws(Errno) {
      guard case .failing(let lost) = state else {
        try sink.append(content.line(seq: seq + 1))
        seq += 1
        return
      }
      // In one piece: the short line alone may find room where events do not.
      let notice = encoder.content("lagged", Lagged(dropped: lost))
      try sink.append(notice.line(seq: seq + 1) + content.line(seq: seq + 2))
      seq += 2
      state = .writing
      tell("the event log \(sink.name) can be written again; \(lost) lines are missing")
    } catch {
      lose(1, because: error.words)
    }
  }

  private mutating func lose(_ count: Int, because reason: String) {
    guard case .failing(let lost) = state else {
      state = .failing(lost: count)
      return tell("cannot write the event log \(sink.name): \(reason); free the disk or configure another place")
    }
    state = .failing(lost: lost + count)
  }

  private mutating func tell(_ text: String) {
    let now = MonotonicClock.now
    if let sum = repetition.due(at: now) { report("that changed \(sum.count) times more within a minute") }
    if repetition.isToBeTold(at: now) { report(text) }
  }
}
