import ArgumentParser
import SerdConfiguration
import SerdConsole
import SerdDiagnosis
import SerdServer

/// `serd doctor`: what keeps it from hearing, and how to mend it.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look at what usually goes wrong, and say how to mend it.",
    discussion: """
      A line per check (ok, problem, or skipped and why), and under a problem how to mend it. It changes nothing, works for an
      ordinary user, and does not disturb a running daemon: what that one has open it is asked for. Without a daemon the
      microphone is opened for some seconds.

      Exit codes: 0 all is well, 69 something must be mended.
      """)

  @OptionGroup var settings: SettingsOptions

  @Flag(name: .long, help: "Print one JSON object per line and check: check, verdict, detail, remedy.")
  var json = false

  @Option(name: .long, help: .hidden)
  var root = ""

  func run() throws {
    var doctor = Doctor.Settings()
    doctor.root = root
    var problems = 0
    let configuration = Result { () throws(ConfigurationError) in try settings.load() }
    try reporting {
      try Doctor(settings: doctor).examine(socket: settings.socket, configuration: configuration) {
        if $0.verdict == .problem { problems += 1 }
        try Output.write(json ? $0.jsonLine() : $0.text)
      }
      if problems > 0 {
        throw CommandError(.unavailable, "\(problems) \(problems == 1 ? "problem" : "problems") to mend")
      }
    }
  }
}
