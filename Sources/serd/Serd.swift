import ArgumentParser
import SerdAudio
import SerdNetwork
import SerdService

/// The command line of `serd`. Data on stdout, messages on stderr.
@main
struct Serd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serd",
    abstract: "Says how a speaker sounds: speech emotion recognition that never leaves this machine.",
    discussion: """
      Without a subcommand serd listens to the microphone until it is told to stop, and sends events to a Unix socket
      (serd watch shows them); with --once it classifies a recording.

      Exit codes: 0 done (also when there was no speech), 64 wrong usage, 65 bad audio or model data, 66 no such input,
      69 not available (no microphone, no daemon, or one that runs already), 70 internal error, 71 refused by the system,
      74 output could not be written, 78 wrong configuration.
      """,
    version: Version.text,
    subcommands: [
      Watch.self, Status.self, Mute.self, Unmute.self, RunOn.self, Devices.self, Tune.self, CheckConfig.self,
    ])

  @OptionGroup var settings: SettingsOptions

  @Option(
    name: .long, help: ArgumentHelp("Classify one audio file (- for standard input) and exit.", valueName: "file"))
  var once: String?

  @Flag(name: .long, help: "With --once, print one JSON object instead of a summary.")
  var json = false

  @Flag(name: .long, help: "With --once --json, print one line per window before the object.")
  var windows = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Listen to a recording as if it were the microphone, N times as fast as it was spoken (0: as fast as possible).",
      valueName: "file[,speed=N]"))
  var source: String?

  func validate() throws {
    if once?.isEmpty == true { throw ValidationError("--once needs the name of a file, or - for standard input.") }
    if windows, !json { throw ValidationError("--windows adds JSON lines: use it together with --json.") }
    if once != nil, source != nil { throw ValidationError("--once and --source are two ways to hear a file: use one.") }
  }

  func run() throws {
    // Not in validate, which also runs for subcommands, and these have a --json of their own.
    if json, once == nil { throw ValidationError("--json belongs to --once; for events use serd watch --json.") }
    try Failures.reported {
      guard let once else { return try Listen(settings: settings, replay: source).run() }
      let path = try settings.model ?? LoadedModel.defaultPath()
      try Once(file: once, model: LoadedModel(path: path), json: json, windows: windows).run()
    }
  }
}
