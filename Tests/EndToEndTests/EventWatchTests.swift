import Foundation
import SerdProtocol
import SerdTestKit
import Testing

/// `serd watch` on a real terminal: a pseudo-terminal whose other end is the test.
@Suite struct EventWatchTests {
  private let folder: ScratchFolder
  private let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path + "/events.sock"
  }

  private static let enter = "\u{1B}[?1049h"
  private static let leave = "\u{1B}[?1049l"

  @Test("The view takes the terminal, shows what happens, mutes on m, and gives the terminal back on q")
  func keys() throws {
    let fixture = try ServerFixture(at: path)
    let terminal = try TerminalProgram(["watch", "--socket", path])
    let before = terminal.localFlags
    try terminal.wait(for: "listening")
    #expect(terminal.output.hasPrefix(Self.enter))
    #expect(terminal.localFlags & tcflag_t(ICANON | ECHO) == 0)
    fixture.publish(
      SampleEvents.state(emotion: StateEvent.Emotion(label: "anger", id: "1-1", since: SampleEvents.time(3))),
      SampleEvents.emotion())
    try terminal.wait(for: "anger begins, 88 %")
    for label in TestModels.labels { #expect(terminal.output.contains(label)) }
    terminal.type("m")
    try terminal.wait(for: "nothing is analysed")
    terminal.type("m")
    try terminal.wait(for: "m mute")
    // A second daemon's life, seen from the same terminal.
    fixture.server.stop()
    try terminal.wait(for: "no daemon")
    let second = try ServerFixture(at: path)
    second.publish(SampleEvents.emotion("boredom"))
    try second.wait { $0.clients == 1 }
    second.publish(SampleEvents.emotion("fear"))
    try terminal.wait(for: "fear begins")
    terminal.type("q")
    #expect(terminal.end() == 0)
    #expect(terminal.output.hasSuffix(Self.leave))
    #expect(terminal.localFlags == before && before & tcflag_t(ICANON | ECHO) != 0)
  }

  @Test("Signals give the terminal back, too", arguments: [SIGINT, SIGTERM])
  func signals(number: Int32) throws {
    let fixture = try ServerFixture(at: path)
    let terminal = try TerminalProgram(["watch", "--socket", path])
    try terminal.wait(for: "listening")
    terminal.signal(number)
    #expect(terminal.end() == 0)
    #expect(terminal.output.hasSuffix(Self.leave))
    fixture.server.stop()
  }

  @Test("The view follows the terminal's size")
  func resizing() throws {
    let fixture = try ServerFixture(at: path)
    let terminal = try TerminalProgram(["watch", "--socket", path])
    try terminal.wait(for: "m mute")
    terminal.resize(columns: 120, rows: 40)
    terminal.signal(SIGWINCH)
    // The keys are on the last row.
    try terminal.wait(for: "\u{1B}[40;1H")
    fixture.server.stop()
  }

  @Test("A dumb terminal gets lines, NO_COLOR no colours")
  func plain() throws {
    let fixture = try ServerFixture(at: path)
    let dumb = try TerminalProgram(["watch", "--socket", path], environment: ["TERM": "dumb"])
    try dumb.wait(for: "listening\r\n")
    #expect(!dumb.output.contains("\u{1B}"))
    let colourless = try TerminalProgram(["watch", "--socket", path], environment: ["NO_COLOR": "1"])
    try colourless.wait(for: "m mute")
    #expect(!colourless.output.contains("\u{1B}[2m") && colourless.output.contains(Self.enter))
    let coloured = try TerminalProgram(["watch", "--socket", path])
    try coloured.wait(for: "\u{1B}[2m")
    fixture.server.stop()
  }
}

/// `serd` on a pseudo-terminal of 80 × 24.
private final class TerminalProgram {
  private(set) var output = ""
  private let master: Int32
  private let process = Process()
  private var searched = 0

  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    // Swift's Glibc shows neither posix_openpt nor Linux's TIOCSPTLCK and TIOCGPTN, which are what it does.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (lock, number) = (Int32(0), Int32(0))
    try #require(ioctl(master, 0x4004_5431, &lock) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
    // Kept open here as well, or its settings are gone with the program.
    let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    let handle = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
    process.executableURL = URL(fileURLWithPath: Program("serd").path)
    process.arguments = arguments
    var variables = ProcessInfo.processInfo.environment.merging(["TERM": "xterm", "TZ": "UTC"]) { $1 }
    variables["NO_COLOR"] = nil
    process.environment = variables.merging(environment) { $1 }
    (process.standardInput, process.standardOutput, process.standardError) = (handle, handle, handle)
    resize(columns: 80, rows: 24)
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    close(master)
  }

  /// Which of line editing and echo are on.
  var localFlags: tcflag_t {
    var settings = termios()
    tcgetattr(master, &settings)
    return settings.c_lflag
  }

  func type(_ key: String) { _ = write(master, key, key.utf8.count) }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    #expect(ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
  }

  /// Until this is written, after what was waited for before.
  func wait(for text: String) throws {
    while true {
      let start = output.index(output.startIndex, offsetBy: searched)
      if let found = output.range(of: text, range: start..<output.endIndex) {
        searched = output.distance(from: output.startIndex, to: found.upperBound)
        return
      }
      guard receive(milliseconds: 60_000) else { throw RawClient.Silence() }
    }
  }

  /// Reads the rest; the exit status.
  func end() -> Int32 {
    process.waitUntilExit()
    while receive(milliseconds: 0) {}
    return process.terminationStatus
  }

  private func receive(milliseconds: Int32) -> Bool {
    var set = [pollfd(fd: master, events: Int16(POLLIN), revents: 0)]
    guard poll(&set, 1, milliseconds) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(master, &buffer, buffer.count)
    guard count > 0 else { return false }
    output += String(decoding: buffer[..<count], as: UTF8.self)
    return true
  }
}
