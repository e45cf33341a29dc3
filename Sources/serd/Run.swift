import ArgumentParser
import SerdPipeline
import SerdRecordings
import SerdServer
import SerdSystem

/// `serd` without a subcommand: the daemon, or with `--once` one recording.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Listen to the microphone, or classify a recording (this is what serd does by itself).")

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

  @Argument(help: .hidden)
  var others: [String] = []

  func validate() throws {
    if let other = others.first {
      guard let once else { throw ValidationError("Unexpected argument '\(other)'") }
      let all = ([once] + others).joined(separator: " ")
      throw ValidationError("--once takes one recording; for many: serd classify \(all)")
    }
    if once?.isEmpty == true { throw ValidationError("--once needs the name of a file, or - for standard input.") }
    if windows, !json { throw ValidationError("--windows adds JSON lines: use it together with --json.") }
    if json, once == nil { throw ValidationError("--json belongs to --once; for events use serd watch --json.") }
    if once != nil, source != nil { throw ValidationError("--once and --source are two ways to hear a file: use one.") }
  }

  func run() throws {
    try reporting {
      guard let once else { return try listen() }
      let configuration = try settings.load().configuration
      let model = try ModelChoice.load(settings.model)
      let settings = HearingSettings(
        model: model, channel: configuration.channel, transform: configuration.transform,
        emotions: configuration.emotions)
      try Once(file: once, settings: settings, json: json, windows: windows).run()
    }
  }

  /// The daemon.
  private func listen() throws {
    // Before any thread: they inherit which signals are blocked.
    let signals = SignalQueue(Daemon.signals)
    let layers = try settings.load()
    // The device is opened while the model is read.
    let source = try LiveSources.make(layers.configuration, replay: source)
    let model = try ModelChoice.load(layers.configuration.model)
    try Daemon(source: source, model: model, configuration: layers, signals: signals).run()
  }
}
