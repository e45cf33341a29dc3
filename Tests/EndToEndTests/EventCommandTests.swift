import Foundation
import SerdClient
import SerdProtocol
import SerdTestKit
import Testing

/// `serd watch`, `status`, `mute`, `unmute` and `run-on` as a user runs them, against the real event server.
@Suite struct EventCommandTests {
  private let serd = Program("serd")
  private let folder: ScratchFolder
  private let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path + "/events.sock"
  }

  private func start(_ arguments: String...) throws -> RunningProgram {
    try RunningProgram(serd.path, arguments, environment: ["SERD_SOCKET": path, "TZ": "UTC"])
  }

  @Test("Without a daemon every command says what to start, in one line, and ends with 69")
  func noDaemon() throws {
    for command in [
      ["watch"], ["watch", "--json"], ["status"], ["mute"], ["unmute"], ["run-on", "anger", "--", "true"],
    ] {
      let outcome = try serd.run(Array(command.prefix(1)) + ["--socket", path] + command.dropFirst())
      #expect(outcome.status == 69 && outcome.output.isEmpty)
      #expect(outcome.messages.contains(path) && outcome.messages.contains("systemctl start serd"))
      #expect(outcome.messages.split(separator: "\n").count == 1, "\(outcome.messages)")
    }
  }

  // MARK: watch

  @Test("watch --json passes the lines on as they are, with windows if asked, also after a restart of the daemon")
  func watchJSON() throws {
    var fixture = try ServerFixture(at: path)
    let watch = try start("watch", "--json", "--windows")
    for round in 0..<2 {
      if round == 1 {
        fixture.server.stop()
        #expect(try watch.line()?.contains("\"bye\"") == true)
        fixture = try ServerFixture(at: path)
      }
      for type in ["hello", "state", "health"] { #expect(try watch.line()?.hasPrefix("{\"type\":\"\(type)\"") == true) }
      // It was subscribed once a window is sent to it, beside the answer to the witness. The witness's question makes
      // the server take each window before the next is published: many at once would not fit, and the client would be
      // told so.
      let witness = try RawClient(path: path)
      try witness.linesSoFar()
      var lines = 0
      repeat {
        lines = fixture.server.statistics.lines
        fixture.publish(SampleEvents.window(7))
        try witness.linesSoFar()
      } while fixture.server.statistics.lines == lines + 1
      let window = try watch.line()
      #expect(try ReceivedLine(text: #require(window)).message == .event(SampleEvents.window(7)))
      fixture.publish(SampleEvents.emotion())
      #expect(try watch.line(with: "emotion")?.contains("\"anger\"") == true)
    }
    watch.signal(SIGTERM)
    while try watch.line() != nil {}
    #expect(watch.wait() == 0)
  }

  @Test("watch in a pipe prints a line per event for people, and ends quietly when its reader goes away")
  func watchLines() throws {
    let fixture = try ServerFixture(at: path)
    let watch = try start("watch")
    #expect(try watch.line()?.hasSuffix("  listening") == true)
    fixture.publish(SampleEvents.emotion(), SampleEvents.emotion("anger", .end), SampleEvents.state(.waiting))
    #expect(try watch.line()?.hasSuffix("  anger begins, 88 %") == true)
    #expect(try watch.line()?.hasSuffix("  anger ends after 2.5 s, 88 % on average") == true)
    #expect(
      try watch.line()?.hasSuffix("  waiting for plughw:CARD=Mic: plughw:CARD=Mic: there is no such device; plug it in")
        == true)
    try watch.stopReading()
    #expect(watch.wait() == 0)
    #expect(watch.messages.isEmpty, "\(watch.messages)")
  }

  // MARK: status and mute

  @Test("status shows one screen and says by its exit status whether the daemon hears")
  func status() throws {
    let fixture = try ServerFixture(at: path)
    let outcome = try serd.run(["status", "--socket", path])
    #expect(outcome.status == 0 && outcome.messages.isEmpty)
    for part in ["listening", "plughw:CARD=Mic", "sample", "windows", "20", "anger", "88 %"] {
      #expect(outcome.output.contains(part), "\(part) is not in\n\(outcome.output)")
    }
    #expect(outcome.lines.count <= 24 && outcome.lines.allSatisfy { $0.count <= 100 })
    fixture.publish(SampleEvents.state(.muted))
    #expect(try serd.run(["status", "--socket", path]).status == 0)
    fixture.publish(SampleEvents.state(.waiting))
    let waiting = try serd.run(["status", "--socket", path])
    #expect(waiting.status == 69 && waiting.messages.contains("plug it in"))
    fixture.publish(SampleEvents.state(), SampleEvents.health(.noSignal))
    let flat = try serd.run(["status", "--socket", path, "--json"])
    #expect(flat.status == 69 && flat.messages.contains("no-signal"))
    #expect(flat.lines.count == 1 && flat.output.hasPrefix("{\"type\":\"status\""))
  }

  /// A socket at `path` to which clients can connect, and nobody answers.
  private func listeningSocket() -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        #expect(bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0)
      }
    }
    listen(descriptor, 4)
    return descriptor
  }

  @Test("A socket without a daemon behind it is told from a daemon that answers")
  func silentSocket() throws {
    let descriptor = listeningSocket()
    defer { close(descriptor) }
    let outcome = try serd.run(["status", "--socket", path])
    #expect(outcome.status == 69 && outcome.messages.contains("no daemon answers"))
  }

  @Test("A status without a hello before it is no answer of serd's, and not taken for health")
  func statusWithoutHello() throws {
    let line = try withExtendedLifetime(ServerFixture(at: "\(path)-real")) {
      try serd.run(["status", "--json", "--socket", "\(path)-real"]).output
    }
    let descriptor = listeningSocket()
    defer { close(descriptor) }
    DispatchQueue.global().async {
      let client = accept(descriptor, nil, nil)
      _ = Array(line.utf8).withUnsafeBytes { write(client, $0.baseAddress, $0.count) }
    }
    let outcome = try serd.run(["status", "--socket", path])
    #expect(outcome.status == 69 && outcome.messages.contains("is not serd"), "\(outcome.messages)")
  }

  @Test("mute and unmute end when the state confirms it")
  func mute() throws {
    let fixture = try ServerFixture(at: path)
    let witness = try RawClient(path: path)
    try witness.linesSoFar()
    for (command, activity) in [("mute", "muted"), ("mute", "muted"), ("unmute", "listening"), ("unmute", "listening")]
    {
      let outcome = try serd.run([command, "--socket", path])
      #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.messages.isEmpty)
      let lines = try RawClient(path: path).linesSoFar()
      #expect(lines.contains { $0.text.contains("\"activity\":\"\(activity)\"") })
    }
    #expect(try witness.linesSoFar().count == 2)
    fixture.server.stop()
  }

  // MARK: run-on

  /// A script that writes to a file that tests can wait for: a FIFO.
  private func script(_ body: String) throws -> (command: String, fifo: RawFIFO) {
    let fifo = try RawFIFO(folder.path + "/fifo")
    let file = try folder.write("hook", Array("#!/bin/sh\n\(body) > \(fifo.path)\n".utf8))
    chmod(file, 0o755)
    return (file, fifo)
  }

  @Test("run-on gives the command the event on standard input and in the environment")
  func runOn() throws {
    let fixture = try ServerFixture(at: path)
    let (command, fifo) = try script(#"{ echo "$SERD_PHASE $SERD_LABEL $SERD_CONFIDENCE $SERD_ID $1 $2"; cat; }"#)
    let hook = try start("run-on", "anger,fear", "--", command, "a b", "*")
    try fixture.wait { $0.lines >= 3 }
    fixture.publish(
      SampleEvents.emotion("sadness"), SampleEvents.emotion("anger", .end), SampleEvents.emotion("fear", id: "1-2"))
    #expect(try fifo.line() == "begin fear 0.8765 1-2 a b *")
    let line = ReceivedLine(text: try fifo.line())
    #expect(line.message == .event(SampleEvents.emotion("fear", id: "1-2")))
    hook.signal(SIGTERM)
    #expect(hook.wait() == 0)
    #expect(hook.messages.isEmpty, "\(hook.messages)")
  }

  @Test("run-on runs one command at a time; events wait up to the bound, further ones are skipped with a message")
  func queue() throws {
    let fixture = try ServerFixture(at: path)
    let gate = try RawFIFO(folder.path + "/gate")
    let (command, fifo) = try script("{ echo $SERD_ID; read go < \(gate.path); echo over; }")
    let hook = try start("run-on", "anger", "--on", "end", "--", command)
    try fixture.wait { $0.lines >= 3 }
    for number in 0..<(Hook.longestQueue + 3) {
      fixture.publish(SampleEvents.emotion("anger", .end, id: "e\(number)"), SampleEvents.emotion("anger", id: "no"))
    }
    #expect(try fifo.line() == "e0")
    // All events were handled once the last is skipped.
    while !hook.messages.contains("e\(Hook.longestQueue + 2) is skipped") {
      #expect(kill(hook.identifier, 0) == 0)
      sched_yield()
    }
    for number in 1...Hook.longestQueue {
      gate.write("go\n")
      #expect(try fifo.line() == "over")
      #expect(try fifo.line() == "e\(number)")
    }
    gate.write("go\n")
    // Else the last command would wait for a gate that has gone with the test.
    #expect(try fifo.line() == "over")
    #expect(hook.messages.split(separator: "\n").count == 2, "\(hook.messages)")
  }

  @Test("run-on refuses unknown labels and commands that are not there")
  func refusals() throws {
    let fixture = try ServerFixture(at: path)
    let label = try serd.run(["run-on", "rage", "--socket", path, "--", "true"])
    #expect(label.status == 64 && label.messages.contains("rage") && label.messages.contains("happiness, sadness"))
    let command = try serd.run(["run-on", "anger", "--socket", path, "--", "no-such-program-at-all"])
    #expect(command.status == 64 && command.messages.contains("no-such-program-at-all"))
    #expect(try serd.run(["run-on", "anger", "--socket", path]).status == 64)
    fixture.server.stop()
  }
}

/// A named pipe that is open at both ends, so that neither a test nor a script waits to open it.
private final class RawFIFO {
  let path: String
  private let descriptor: Int32
  private var bytes: [UInt8] = []

  init(_ path: String) throws {
    self.path = path
    mkfifo(path, 0o600)
    descriptor = open(path, O_RDWR | O_CLOEXEC)
  }

  deinit { close(descriptor) }

  func line() throws -> String {
    while true {
      if let end = bytes.firstIndex(of: 0x0A) {
        defer { bytes.removeSubrange(...end) }
        return String(decoding: bytes[..<end], as: UTF8.self)
      }
      var set = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
      guard poll(&set, 1, 60_000) > 0 else { throw RawClient.Silence() }
      var buffer = [UInt8](repeating: 0, count: 4096)
      bytes += buffer[..<max(0, read(descriptor, &buffer, buffer.count))]
    }
  }

  func write(_ text: String) { _ = Glibc.write(descriptor, text, text.utf8.count) }
}
