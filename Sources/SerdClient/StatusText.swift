import SerdConsole
import SerdProtocol

/// What `serd status` shows of a daemon: one screen, and whether it is well.
package struct StatusText {
  private let hello: Hello
  private let report: StatusReport

  /// Of a daemon's `hello` and its answer to `status`.
  package init(hello: Hello, report: StatusReport) {
    self.hello = hello
    self.report = report
  }

  /// Why the daemon does not hear, in one line; nil if it does, or is not meant to.
  package var complaint: String? {
    guard let state = report.state else { return "the daemon is starting" }
    if state.activity == .muted { return nil }
    if state.activity == .waiting {
      return "waiting for \(state.device.name): \(state.device.reason ?? state.device.condition)"
    }
    guard let health = report.health, [.noSignal, .noDevice].contains(health.condition) else { return nil }
    return health.detail ?? health.condition.rawValue
  }

  /// The screen, with line feeds.
  package var text: String {
    let daemon = report.daemon
    var rows = [
      ("state", activity), ("microphone", microphone), ("hearing", report.health.map(hearing) ?? "-"),
      ("offset", OffsetText.remark(daemon.offset) ?? ""),
      ("present", presence),
      ("last emotion", daemon.lastEmotion.map(lastEmotion) ?? "none so far"),
      ("emotions", counts), ("windows", "\(daemon.windows), with speech \(daemon.speechWindows)\(inference)"),
      ("lost sound", "\(TextTable.seconds(daemon.gap)), overruns \(daemon.overruns), reopened \(daemon.reopens)"),
      ("speaker", speaker),
      ("clients", clients), ("model", "\(hello.model.name), \(hello.model.sha256.prefix(12))"),
      ("knows", "\(hello.labels.joined(separator: ", ")); from \(hello.model.corpora.joined(separator: ", "))"),
      ("up", "\(duration(since: daemon.started)), \(hello.program)"),
    ]
    rows.removeAll { $0.1.isEmpty }
    return rows.map { "\(TextTable.fitted($0.0, 12))  \(TextTable.harmless($0.1))\n" }.joined()
  }

  private func duration(since time: Timestamp) -> String { TextTable.seconds(report.time.seconds - time.seconds) }

  private var activity: String {
    guard let state = report.state else { return "starting" }
    return "\(state.activity.rawValue) for \(duration(since: state.since))"
  }

  private var microphone: String {
    guard let state = report.state else { return "-" }
    let device = state.device
    if device.isCapturing { return "\(device.name), \(state.level) dBFS" }
    return "\(device.name), \(device.condition): \(device.reason ?? "")"
  }

  private func hearing(_ health: HealthEvent) -> String {
    if health.condition == .listening { return "well" }
    return "\(health.condition.rawValue): \(health.detail ?? "") (\(duration(since: health.time)) ago)"
  }

  private var presence: String {
    guard let state = report.state, state.activity == .listening else { return "" }
    guard let emotion = state.emotion else { return state.isGateOpen ? "speech" : "no speech" }
    return "\(emotion.label) for \(duration(since: emotion.since))"
  }

  private func lastEmotion(_ emotion: EmotionEvent) -> String {
    let percent = Int((emotion.confidence * 100).rounded())
    return "\(emotion.label), \(percent) %, at \(TextTable.localTime(emotion.start.utc))"
  }

  private var counts: String {
    report.daemon.emotions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
      .joined(separator: ", ")
  }

  private var inference: String {
    guard report.daemon.speechWindows > 0, report.daemon.inference > 0 else { return "" }
    let milliseconds = report.daemon.inference * 1000 / Double(report.daemon.speechWindows)
    return ", \((milliseconds * 100).rounded() / 100) ms each in the network"
  }

  private var speaker: String {
    guard let seconds = report.daemon.speaker else { return "" }
    return "known by \(TextTable.seconds(seconds)) of speech; serd enrol begins anew"
  }

  private var clients: String {
    let server = report.server
    return
      "\(server.clients) connected, \(server.dropped) dropped, \(server.refused) turned away, \(server.linesLost) lines missed"
  }
}
