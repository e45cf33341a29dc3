import Foundation
import SerdConfiguration
import SerdDiagnosis
import SerdProtocol
import SerdServer
import SerdTestKit
import Testing

/// `serd doctor` where there is a daemon, or what is left of one.
@Suite struct DoctorDaemonTests {
  private let machine: SickMachine

  init() throws { machine = try SickMachine() }

  private func examine(_ arguments: [String], withoutPrivilege: Bool = false) throws -> Checkup {
    try machine.examine(arguments, withoutPrivilege: withoutPrivilege)
  }

  /// A daemon that listens to a microphone.
  private func daemon(_ microphone: FaultyMicrophone, ready: String = "STATUS=listening") throws -> RunningDaemon {
    let daemon = try RunningDaemon(
      ["--device", microphone.device, "--config", machine.emptyFile], environment: FaultyMicrophone.environment)
    try daemon.notification(with: ready)
    return daemon
  }

  /// Asks until the daemon has noticed.
  private func examine(_ daemon: RunningDaemon, until done: (Checkup) -> Bool) throws -> Checkup {
    for _ in 0..<500 {
      let checkup = try examine(["--socket", daemon.socket])
      if done(checkup) { return checkup }
    }
    throw RawClient.Silence()
  }

  @Test("A daemon that listens: all is well, status 0, and its microphone is left alone, also for who may not open one")
  func listening() throws {
    try machine.write("dev/snd/pcmC0D0c", "")
    chmod("\(machine.root)/dev/snd/pcmC0D0c", 0)
    let microphone = try SickMachine.microphone(speed: 4)
    let daemon = try daemon(microphone)
    let openings = microphone.openings
    let checkup = try examine(["--socket", daemon.socket, "--device", microphone.device], withoutPrivilege: true)
    #expect(checkup.status == 0 && checkup.problems.isEmpty && checkup.messages.isEmpty, "\(checkup)")
    #expect(checkup[.microphone].detail == "the daemon captures from \(microphone.device)")
    #expect(checkup[.signal].verdict == .ok && checkup[.daemon].detail.contains("listening"))
    #expect(microphone.openings == openings)
  }

  @Test("What a daemon says of its microphone: silent, unplugged; muted is no problem")
  func word() throws {
    let microphone = try SickMachine.microphone(speed: 4)
    let daemon = try daemon(microphone)
    try microphone.set(.flat)
    let flat = try examine(daemon) { $0[.signal].verdict == .problem }
    #expect(flat.problems == [.signal] && flat.status == 69 && flat[.signal].detail.hasPrefix("silent"), "\(flat)")
    try RawClient(path: daemon.socket).send(.mute)
    let muted = try examine(daemon) { $0[.signal].verdict == .skipped }
    #expect(muted.status == 0 && muted[.daemon].detail.contains("serd unmute"), "\(muted)")
    try microphone.unplug()
    let lost = try examine(daemon) { $0[.microphone].verdict == .problem }
    #expect(lost.problems == [.microphone] && lost[.microphone].detail.contains(microphone.device), "\(lost)")
  }

  @Test("A constant offset of its microphone is named by status and doctor, and is no problem")
  func offset() throws {
    let microphone = try SickMachine.microphone(speed: 4, offset: 983)
    defer { withExtendedLifetime(microphone) {} }
    let daemon = try daemon(microphone)
    func isNamed(_ text: String) -> Bool {
      text.contains(/adds a constant offset of (2\.[89]|3\.[012]) % of full scale; serd takes it out/)
    }
    let checkup = try examine(daemon) { isNamed($0[.signal].detail) }
    #expect(checkup.status == 0 && checkup[.signal].verdict == .ok, "\(checkup)")
    let status = try Program("serd").run(["status", "--socket", daemon.socket])
    #expect(status.lines.contains { $0.hasPrefix("offset ") && isNamed(String($0)) }, "\(status.output)")
  }

  @Test("A daemon whose microphone is busy: who has it")
  func busy() throws {
    let microphone = try SickMachine.microphone(speed: 4)
    try microphone.set(.opening, code: EBUSY)
    let daemon = try daemon(microphone, ready: "STATUS=waiting")
    try machine.write("proc/asound/card0/pcm0c/sub0/status", "owner_pid   : 812\n")
    try machine.write("proc/812/comm", "arecord\n")
    let checkup = try examine(["--socket", daemon.socket])
    #expect(checkup[.microphone].remedy == "end arecord (process 812): kill 812", "\(checkup)")
  }

  @Test("Clipping, overruns and a daemon that has only just started, by the real server's lines")
  func server() throws {
    let fixture = try ServerFixture()
    fixture.publish(SampleEvents.health(.clipping))
    #expect(try examine(["--socket", fixture.path])[.signal].detail.hasPrefix("too loud"))

    let handlers = EventServer.Handlers(mute: { _ in }) {
      var numbers = DaemonNumbers(started: EventClock.system.now)
      (numbers.overruns, numbers.gap) = (40, 12.5)
      return numbers
    }
    let server = try EventServer(at: .path(machine.socket), hello: SampleEvents.hello, handlers: handlers)
    defer { server.stop() }
    let starting = try examine([])
    #expect(starting.problems == [.daemon] && starting[.microphone].verdict == .skipped, "\(starting)")
    server.publish(SampleEvents.state())
    let slow = try examine([])
    #expect(slow.problems == [.daemon] && slow[.daemon].detail.contains("40 overruns, 12.5 s"), "\(slow)")
  }

  @Test("A socket that a daemon left behind, a file in its place, and a name that is too long")
  func stale() throws {
    do {
      let descriptor = try listener(at: machine.socket)
      close(descriptor)
    }
    let stale = try examine([])[.socket]
    #expect(stale.verdict == .problem && stale.detail.contains("left it behind"), "\(stale)")
    unlink(machine.socket)
    try machine.folder.write("events.sock", [])
    let file = try examine([])[.socket]
    #expect(file.verdict == .problem && file.detail.hasSuffix("is not a socket"), "\(file)")
    let long = try examine(["--socket", "/tmp/" + String(repeating: "x", count: 200)])[.socket]
    #expect(long.verdict == .problem && long.detail.contains("bytes"), "\(long)")
  }

  @Test("A socket that this user may not write names its group, unless the group may not write either")
  func forbidden() throws {
    let descriptor = try listener(at: machine.socket)
    defer { close(descriptor) }
    chmod(machine.socket, 0o600)
    // Root owns what it makes, and an owner is judged by his own bits.
    chmod(machine.socket, 0)
    let closed = try examine([], withoutPrivilege: true)[.socket]
    #expect(closed.verdict == .problem && closed.remedy?.contains("SocketMode=0660") == true, "\(closed)")
    guard geteuid() == 0 else { return }
    chown(machine.socket, 0, 29)
    chmod(machine.socket, 0o060)
    let group = getgrgid(29).map { String(cString: $0.pointee.gr_name) } ?? "29"
    let foreign = try examine([], withoutPrivilege: true)[.socket]
    #expect(
      foreign.remedy?.contains(group) == true && foreign.detail.hasSuffix("belongs to the group \(group)"), "\(foreign)"
    )
  }

  @Test("A daemon that does not answer, and one with no place left")
  func mute() throws {
    let descriptor = try listener(at: machine.socket)
    defer { close(descriptor) }
    var settings = Doctor.Settings()
    (settings.root, settings.patience) = (machine.root, 100)
    var findings: [Finding] = []
    Doctor(settings: settings).examine(
      socket: machine.socket, configuration: .failure(ConfigurationError("not read"))
    ) { findings.append($0) }
    let socket = try #require(findings.first { $0.check == .socket })
    #expect(socket.verdict == .problem && socket.detail.contains("no daemon answers"), "\(socket)")
    #expect(findings.map(\.check) == Finding.Check.allCases, "without a configuration, too")

    var few = EventServer.Settings()
    few.clients = 1
    let fixture = try ServerFixture(settings: few)
    let client = try RawClient(path: fixture.path)
    try client.linesSoFar()
    let full = try examine(["--socket", fixture.path])[.socket]
    #expect(full.verdict == .problem && full.detail.contains("the daemon says"), "\(full)")
  }

  private func listener(at path: String) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    guard result == 0, listen(descriptor, 8) == 0 else { throw POSIXError(.EADDRINUSE) }
    return descriptor
  }
}
