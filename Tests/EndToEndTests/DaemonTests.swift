import Foundation
import SerdProtocol
import SerdTestKit
import Testing

/// The real daemon, with a microphone of the real libasound and with replayed recordings.
@Suite struct DaemonTests {
  /// Seven seconds of speech and some silence, as a 16 kHz WAV file and as the microphone's raw samples.
  struct Speech {
    let folder: ScratchFolder
    let file: String
    let raw: [UInt8]

    init() throws {
      let clip = SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 3)
      let silence = SyntheticSignal.noise.samples(seconds: 2).map { $0 * 0.001 }
      let samples = (silence + clip + silence + clip + clip + silence).map { Int16(max(-1, min(1, $0)) * 20000) }
      raw = samples.withUnsafeBytes { Array($0) }
      folder = try ScratchFolder()
      // As the file holds them, so that file and microphone give the same floats.
      file = try folder.write("speech.wav", WAVFile.float(samples.map { Float($0) / 32768 }))
    }
  }

  /// The voice is artificial, so no label is sure of it and all of it is new: with these settings it has emotions all
  /// the same.
  static let anythingIsAnEmotion = """
    [emotions]
    begin-threshold = 0.15
    largest-novelty = 1000000
    least-speech = 0
    unreported =
    [thresholds]
    anger = 0.15
    boredom = 0.15
    disgust = 0.15
    happiness = 0.15
    sadness = 0.15

    """

  private func events(in log: String) throws -> [ReceivedLine.Message] {
    try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map {
      ReceivedLine(text: String($0)).message
    }
  }

  private func windows(_ messages: [ReceivedLine.Message]) -> [WindowEvent] {
    messages.compactMap { if case .event(.window(let window)) = $0 { window } else { nil } }
  }

  /// What must not depend on how the sound came in: everything but the clock.
  private func content(_ window: WindowEvent) -> String {
    "\(window.startSeconds) \(window.speech) \(window.label ?? "-") \(window.level) \(window.speechRatio) "
      + (window.probabilities ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  @Test("windows of the microphone, of a replay and of --once are the same, and so are the events of the first two")
  func sameWindows() throws {
    let speech = try Speech()
    let once = try Program("serd").run(["--once", speech.file, "--json", "--windows"])
    let expected = try once.lines.dropLast().map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    let replayLog = "\(speech.folder.path)/replay.ndjson"
    let config = try speech.folder.write("serd.conf", Array(Self.anythingIsAnEmotion.utf8))
    let options = ["--set", "log-windows=yes", "--config", config]
    let replay = try RunningDaemon(["--source", "\(speech.file),speed=0", "--log", replayLog] + options)
    #expect(replay.exitStatus() == 0, "\(replay.messages)")
    let replayed = try events(in: replayLog)

    let microphone = try FaultyMicrophone(sound: speech.raw, speed: 8, isPlugged: false)
    let log = "\(speech.folder.path)/microphone.ndjson"
    let daemon = try RunningDaemon(
      ["--device", microphone.device, "--log", log] + options, environment: FaultyMicrophone.environment)
    try daemon.notification(with: "READY=1")
    let client = try RawClient(path: daemon.socket)
    client.send(.subscribe(windows: true))
    try client.linesSoFar()
    try microphone.plug()
    var count = 0
    try client.lines {
      if case .event(.window) = $0 { count += 1 }
      return count == expected.count - 1
    }
    daemon.signal(SIGTERM)
    #expect(daemon.exitStatus() == 0)
    let heard = try events(in: log)

    // The microphone goes on where the recording ends; the recording's last window ends with it.
    let replayedWindows = windows(replayed).map(content)
    #expect(replayedWindows.count == expected.count && replayedWindows.count > 15)
    #expect(Array(windows(heard).map(content).prefix(expected.count - 1)) == replayedWindows.dropLast())
    for (line, window) in zip(expected, windows(replayed)) {
      #expect(line["start_s"] as? Double == window.startSeconds && line["speech"] as? Bool == window.speech)
      #expect(line["level_dbfs"] as? Double == window.level && line["speech_ratio"] as? Double == window.speechRatio)
      #expect(line["probabilities"] as? [String: Double] == window.probabilities)
    }
    func emotions(_ messages: [ReceivedLine.Message]) -> [String] {
      messages.compactMap {
        guard case .event(.emotion(let emotion)) = $0 else { return nil }
        let length = emotion.end.map {
          ($0.seconds - emotion.start.seconds).formatted(.number.precision(.fractionLength(1)))
        }
        return "\(emotion.phase) \(emotion.label) \(emotion.confidence) \(length ?? "")"
      }
    }
    #expect(
      !emotions(replayed).isEmpty
        && Array(emotions(heard).prefix(emotions(replayed).count - 1)) == emotions(replayed).dropLast())
  }

  @Test("SIGTERM closes an open emotion with an end event, says bye, and leaves no socket and no metrics behind")
  func stop() throws {
    let microphone = try FaultyMicrophone(sound: try Speech().raw, speed: 8, loops: true)
    let folder = try ScratchFolder()
    let metrics = "\(folder.path)/serd.prom"
    let daemon = try RunningDaemon(
      [
        "--device", microphone.device, "--config", try folder.write("serd.conf", Array(Self.anythingIsAnEmotion.utf8)),
        "--set", "end-ratio=0", "--set", "metrics=\(metrics)",
      ],
      environment: FaultyMicrophone.environment, folder: folder)
    try daemon.notification(with: "READY=1")
    let client = try RawClient(path: daemon.socket)
    var begun: String?
    try client.lines {
      if case .event(.emotion(let emotion)) = $0 { begun = emotion.phase == .begin ? emotion.id : nil }
      return begun != nil
    }
    let text = try String(contentsOfFile: metrics, encoding: .utf8)
    #expect(text.contains("serd_clients ") && text.contains("serd_emotions_total{label=\"anger\"}"))
    daemon.signal(SIGTERM)
    var open = [begun!]
    let last = try client.lines {
      if case .event(.emotion(let emotion)) = $0 {
        if emotion.phase == .begin { open.append(emotion.id) } else { open.removeAll { $0 == emotion.id } }
      }
      return $0 == .bye
    }
    #expect(open.isEmpty, "\(last.map(\.text))")
    #expect(try client.line() == nil)
    #expect(daemon.exitStatus() == 0)
    #expect(!FileManager.default.fileExists(atPath: daemon.socket))
    #expect(!FileManager.default.fileExists(atPath: metrics))
    try daemon.notification(with: "STOPPING=1")
  }

  @Test("What repeats is told once, then summed up; and every time to clients")
  func repetition() throws {
    let microphone = try FaultyMicrophone(sound: try Speech().raw, speed: 8, loops: true)
    let daemon = try RunningDaemon(["--device", microphone.device], environment: FaultyMicrophone.environment)
    try daemon.notification(with: "READY=1")
    let client = try RawClient(path: daemon.socket)
    for _ in 0..<3 {
      try microphone.overrun()
      try client.lines { if case .event(.health(let health)) = $0 { health.condition == .overrun } else { false } }
    }
    daemon.signal(SIGTERM)
    #expect(daemon.exitStatus() == 0)
    let lines = daemon.messages.split(separator: "\n").filter { $0.contains("s of sound are missing (overrun)") }
    #expect(lines.count == 2 && lines.last?.contains(" times more within a minute") == true, "\(daemon.messages)")
  }

  @Test("while muted nothing is analysed and everybody sees it; afterwards windows come again")
  func mute() throws {
    let microphone = try FaultyMicrophone(sound: try Speech().raw, speed: 8, loops: true)
    let daemon = try RunningDaemon(["--device", microphone.device], environment: FaultyMicrophone.environment)
    try daemon.notification(with: "READY=1")
    let (client, other) = (try RawClient(path: daemon.socket), try RawClient(path: daemon.socket))
    client.send(.subscribe(windows: true))
    try client.lines { if case .event(.window) = $0 { true } else { false } }
    client.send(.mute)
    for connection in [client, other] {
      try connection.lines { if case .event(.state(let state)) = $0 { state.activity == .muted } else { false } }
    }
    func windowCount(_ client: RawClient) throws -> Int {
      client.send(.status)
      var windows = 0
      try client.lines {
        if case .status(let report) = $0 { windows = report.daemon.windows; return true }
        return false
      }
      return windows
    }
    // The number that follows is that of the first window after the pause: none was made in between.
    let before = try windowCount(client)
    client.send(.unmute)
    let lines = try client.lines { if case .event(.window) = $0 { true } else { false } }
    #expect(
      lines.contains { if case .event(.state(let state)) = $0.message { state.activity == .listening } else { false } })
    #expect(!lines.dropLast().contains { if case .event(.window) = $0.message { true } else { false } })
    // The numbers follow what is heard, at the latest with the next window.
    try client.lines { if case .event(.window) = $0 { true } else { false } }
    #expect(try windowCount(client) > before)
  }

  @Test("mute holds across a crash and a restart where systemd gives a state folder, until somebody unmutes")
  func muteHolds() throws {
    let microphone = try FaultyMicrophone(sound: try Speech().raw, speed: 8, loops: true)
    let folder = try ScratchFolder()
    let state = "\(folder.path)/state"
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
    func start() throws -> RunningDaemon {
      try RunningDaemon(
        ["--device", microphone.device],
        environment: FaultyMicrophone.environment.merging(["STATE_DIRECTORY": state]) { $1 }, folder: folder)
    }
    /// What a client is told until the microphone is open.
    func activities(_ client: RawClient) throws -> Set<StateEvent.Activity> {
      var activities: Set<StateEvent.Activity> = []
      try client.lines {
        guard case .event(.state(let state)) = $0 else { return false }
        activities.insert(state.activity)
        return state.device.isCapturing
      }
      return activities
    }
    let first = try start()
    try first.notification(with: "READY=1")
    let client = try RawClient(path: first.socket)
    #expect(try activities(client).contains(.listening))
    client.send(.mute)
    try first.notification(with: "STATUS=muted; listening")
    first.signal(SIGKILL)
    #expect(first.exitStatus() == SIGKILL)

    let second = try start()
    #expect(try second.notification(with: "READY=1").contains("STATUS=muted; listening"))
    let next = try RawClient(path: second.socket)
    #expect(try activities(next) == [.muted])
    next.send(.unmute)
    try second.notification(with: "STATUS=listening")
    second.signal(SIGTERM)
    #expect(second.exitStatus() == 0)

    let third = try start()
    #expect(try third.notification(with: "READY=1").contains("STATUS=listening"))
  }

  @Test("SIGHUP applies new thresholds; a bad file keeps the old ones and says why")
  func reload() throws {
    let folder = try ScratchFolder()
    let file = try folder.write("serd.conf", Array("[emotions]\nbegin-threshold = 1\n".utf8))
    let microphone = try FaultyMicrophone(sound: try Speech().raw, speed: 8, loops: true)
    let daemon = try RunningDaemon(
      ["--device", microphone.device, "--config", file], environment: FaultyMicrophone.environment, folder: folder)
    try daemon.notification(with: "READY=1")
    let client = try RawClient(path: daemon.socket)
    try folder.write("serd.conf", Array("[emotions]\nbegin-treshold = 0.2\n".utf8))
    daemon.signal(SIGHUP)
    #expect(try daemon.notification(with: "RELOADING=1").contains("MONOTONIC_USEC="))
    #expect(try daemon.notification(with: "READY=1").contains("did you mean 'begin-threshold'?"))
    try folder.write("serd.conf", Array(("[audio]\ndevice = x\n" + Self.anythingIsAnEmotion).utf8))
    daemon.signal(SIGHUP)
    #expect(try daemon.notification(with: "READY=1").contains("reloaded"))
    var isGap = false
    try client.lines {
      if case .event(.health(let health)) = $0, health.gap != nil { isGap = true }
      if case .event(.emotion(let emotion)) = $0 { return emotion.phase == .begin }
      return false
    }
    #expect(!isGap)
  }

  @Test("a killed daemon leaves a socket file that the next one replaces; state, health and windows come at once")
  func restart() throws {
    let folder = try ScratchFolder()
    let microphone = try FaultyMicrophone(sound: try Speech().raw, speed: 8, loops: true)
    func start() throws -> RunningDaemon {
      let daemon = try RunningDaemon(
        ["--device", microphone.device], environment: FaultyMicrophone.environment, folder: folder)
      try daemon.notification(with: "STATUS=listening")
      return daemon
    }
    let first = try start()
    let rival = try RunningDaemon(
      ["--device", microphone.device], environment: FaultyMicrophone.environment, folder: folder)
    #expect(rival.exitStatus() == 69)
    #expect(rival.messages.contains(first.socket))
    first.signal(SIGKILL)
    #expect(first.exitStatus() == SIGKILL)
    #expect(FileManager.default.fileExists(atPath: first.socket))
    let second = try start()
    let client = try RawClient(path: second.socket)
    client.send(.subscribe(windows: true))
    let lines = try client.lines { if case .event(.window) = $0 { true } else { false } }
    let types = lines.map { line in
      switch line.message {
      case .hello: "hello"
      case .event(.state): "state"
      case .event(.health): "health"
      default: "other"
      }
    }
    #expect(Array(types.prefix(3)) == ["hello", "state", "health"])
    #expect(lines.compactMap(\.seq) == Array(1...lines.count))
  }

  @Test(
    "without a microphone the service is ready, waits, feeds the watchdog with its attempts, and hears it when it comes"
  )
  func missingMicrophone() throws {
    let microphone = try FaultyMicrophone(sound: try Speech().raw, speed: 8, loops: true, isPlugged: false)
    let daemon = try RunningDaemon(
      ["--device", microphone.device], environment: FaultyMicrophone.environment, watchdogSeconds: 2)
    #expect(try daemon.notification(with: "READY=1").contains("STATUS=waiting: serdtest:"))
    try daemon.notification(with: "WATCHDOG=1")
    try daemon.notification(with: "WATCHDOG=1")
    let client = try RawClient(path: daemon.socket)
    try client.lines {
      if case .event(.health(let health)) = $0 { return health.condition == .noDevice && health.detail != nil }
      return false
    }
    try microphone.plug()
    try daemon.notification(with: "STATUS=listening")
    try daemon.notification(with: "WATCHDOG=1")
    try client.lines {
      if case .event(.state(let state)) = $0 { return state.activity == .listening && state.emotion != nil }
      return false
    }
    try microphone.unplug()
    try daemon.notification(with: "STATUS=waiting")
    try microphone.plug()
    try daemon.notification(with: "STATUS=listening")
    try client.lines {
      if case .event(.health(let health)) = $0 { return (health.gap ?? 0) > 0 }
      return false
    }
  }

  @Test("once it runs, the daemon gives back the code that only the start needed, and goes on")
  func startMemory() throws {
    let microphone = try FaultyMicrophone(sound: try Speech().raw, speed: 8, loops: true)
    let daemon = try RunningDaemon(["--device", microphone.device], environment: FaultyMicrophone.environment)
    try daemon.notification(with: "READY=1")
    let atStart = try ProcessHoldings(of: daemon.identifier).files
    let client = try RawClient(path: daemon.socket)
    client.send(.subscribe(windows: true))
    // A window per 64 ms: it has given it back long before these are over.
    var least = atStart
    for _ in 0..<400 where least > atStart * 2 / 3 {
      try client.lines { if case .event(.window) = $0 { true } else { false } }
      least = min(least, try ProcessHoldings(of: daemon.identifier).files)
    }
    #expect(least <= atStart * 2 / 3, "\(atStart) KiB at the start, never less than \(least) KiB")
    try client.lines { if case .event(.window) = $0 { true } else { false } }
  }

  @Test("for the journal every line on stderr begins with its priority")
  func priorities() throws {
    let speech = try Speech()
    let daemon = try RunningDaemon(
      ["--source", "\(speech.file),speed=0"], environment: ["JOURNAL_STREAM": "8:12345"])
    #expect(withExtendedLifetime(speech) { daemon.exitStatus() } == 0)
    let lines = daemon.messages.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("<5>listening to ") } && lines.contains("<6>stopped"))
    #expect(lines.allSatisfy { $0.wholeMatch(of: /<[3-6]>[^<].*/) != nil }, "\(lines)")
  }

  @Test(
    "a wrong configuration ends the start with 78 and one line",
    arguments: [
      (["--set", "gate-level=loud"], "--gate-level: 'loud' is not a number from -100 to 0"),
      (["--config", "/nonexistent/serd.conf"], "/nonexistent/serd.conf: cannot be read"),
      (["--set", "x=1"], "--set x: there is no such key"),
    ])
  func wrongConfiguration(arguments: [String], message: String) throws {
    let daemon = try RunningDaemon(arguments)
    #expect(daemon.exitStatus() == 78)
    #expect(
      daemon.messages.contains(message) && daemon.messages.split(separator: "\n").count == 1, "\(daemon.messages)")
  }

  @Test("check-config --quiet, which the unit runs before a reload, says nothing but what is wrong")
  func quietCheck() throws {
    let folder = try ScratchFolder()
    let good = try folder.write("good.conf", Array(Self.anythingIsAnEmotion.utf8))
    let right = try Program("serd").run(["check-config", "--quiet", "--config", good])
    #expect(right.status == 0 && right.output.isEmpty && right.messages.isEmpty, "\(right.messages)")
    let bad = try folder.write("bad.conf", Array("[thresholds]\nangry = 0.5\n".utf8))
    let wrong = try Program("serd").run(["check-config", "--quiet", "--config", bad])
    #expect(wrong.status == 78 && wrong.output.isEmpty && wrong.messages.contains("did you mean 'anger'?"))
  }
}
