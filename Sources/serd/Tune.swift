import ArgumentParser
import Glibc
import SerdAudio
import SerdConsole
import SerdDiagnosis
import SerdPipeline
import SerdServer

/// `serd tune`: listens to the room and proposes settings.
struct Tune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Listen to the room for a minute and propose gate and level settings.")

  @OptionGroup var settings: SettingsOptions

  @Option(name: .long, help: ArgumentHelp("Listen to a recording instead.", valueName: "file[,speed=N]"))
  var source: String?

  @Option(name: .long, help: ArgumentHelp("How long to listen.", valueName: "seconds"))
  var seconds = 60.0

  func validate() throws {
    guard seconds > 0, seconds <= 86400 else { throw ValidationError("--seconds takes 1 to 86400.") }
  }

  func run() throws {
    try reporting {
      let configuration = try settings.load().configuration
      let model = try ModelChoice.load(configuration.model)
      let live = try LiveSources.make(configuration, replay: source)
      var survey = RoomSurvey(
        frontEnd: model.model.description.frontEnd, transform: configuration.transform, gate: configuration.gate)
      Output.note(
        "listening to \(live.name) for \(Int(seconds)) s: go on as usual, and say a few sentences from where you will be heard"
      )
      try listen(live, &survey)
      live.stop()
      try Output.write(text(survey.findings, present: configuration.gate.minimumLevel))
    }
  }

  /// Feeds the survey with so many seconds of sound.
  private func listen(_ live: any LiveSource, _ survey: inout RoomSurvey) throws {
    var rest = Int(seconds * Double(SampleRate.pipeline))
    try live.listen(timeout: .seconds(1)) { reading, samples in
      switch reading {
      case .samples:
        survey.push(samples)
        rest -= samples.count
      case .device(.waiting(let reason)):
        live.stop()
        throw CommandError(.unavailable, reason.description)
      case .gap, .device, .signal, .nothing, .ended: break
      }
      return rest > 0
    }
  }

  private func text(_ findings: RoomSurvey.Findings, present: Float) -> String {
    func level(_ value: Float?) -> String { value.map { "\(Int($0.rounded())) dBFS" } ?? "none heard" }
    var lines = [
      "room           \(level(findings.roomLevel))   (95 % of the time without speech it is quieter)",
      "speech         \(level(findings.speechLevel))   (median; the gate was open \(Int((100 * findings.openShare).rounded())) % of the time)",
      "loudest        \(level(findings.peak))",
    ]
    lines += findings.advice
    if let proposal = findings.gateLevel {
      lines += [
        "", "Proposed for \(ConfigurationLayers.usualPath):", "", "[gate]",
        "gate-level = \(Int(proposal))   ; now \(Int(present))",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
