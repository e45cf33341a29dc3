import ArgumentParser
import Glibc
import SerdConsole
import SerdRecordings
import SerdServer
import SerdSystem

/// `serd classify`: many recordings, a line each.
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Classify many recordings: a line each, on all processors, in order.",
    discussion: """
      Folders are searched for sound files, folders in them, too. A recording that cannot be heard has a line that says why, \
      and one on stderr. Label files for other programs are written beside each recording.

      Exit codes: 0 all recordings were heard, 65 some could not be, 66 there were none, 74 a line or a label file could \
      not be written, 130 and 143 ended by Ctrl-C or SIGTERM, with whole lines written.
      """)

  @Flag(name: .long, help: "Print comma-separated values, with a line of names first.")
  var csv = false

  @Flag(name: .long, help: "Print a line of JSON for each recording.")
  var json = false

  @Flag(name: .long, help: "With --csv a line for each window instead; with --json before the recording's.")
  var windows = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Add the lines to a file, and leave out the recordings that it has: goes on where a run ended.",
      valueName: "file"))
  var resume: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Read names from a file, one a line (- for standard input).", valueName: "file"))
  var filesFrom: String?

  @Flag(
    name: [.customShort("0"), .customLong("null")], help: "Names in --files-from end with NUL, as of find -print0.")
  var null = false

  @Flag(name: .long, help: "Write NAME.labels.txt beside each recording: labels for Audacity.")
  var audacity = false

  @Flag(name: .customLong("textgrid"), help: "Write NAME.TextGrid beside each recording, for Praat and ELAN.")
  var textGrid = false

  @Flag(name: .customLong("vtt"), help: "Write NAME.vtt beside each recording: subtitles.")
  var webVTT = false

  @Flag(name: .long, help: "Write NAME.html beside each recording: a page to look at, and to hear it.")
  var html = false

  @Flag(name: .long, help: "With --html, put the sound into the page instead of a link to it.")
  var embed = false

  @Flag(name: .long, help: "Replace such files also where serd did not write them.")
  var force = false

  @Option(
    name: .long, help: ArgumentHelp("The int8 model to run (default: the bundled EMO-DB model).", valueName: "path"))
  var model: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Which of several channels is heard: mean, best or a number (default: mean).", valueName: "channel"))
  var channel: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Configuration file (default: \(ConfigurationLayers.usualPath), if it is there).", valueName: "path"))
  var config: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A key of the configuration: thresholds and times of emotions.", valueName: "key=value"))
  var assignments: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("How many recordings are heard at once (default: one a processor).", valueName: "n")
  )
  var threads: Int?

  @Argument(help: ArgumentHelp("Recordings, and folders of recordings.", valueName: "path"))
  var paths: [String] = []

  private var formats: [TimelineFormat] {
    [(audacity, TimelineFormat.audacity), (textGrid, .textGrid), (webVTT, .webVTT), (html, .page)].filter(\.0).map(\.1)
  }

  func validate() throws {
    if paths.isEmpty, filesFrom == nil {
      throw ValidationError("name recordings or folders, or a list of them with --files-from.")
    }
    if paths.contains("") { throw ValidationError("a path is empty.") }
    if csv, json { throw ValidationError("--csv and --json are two forms of the lines: use one.") }
    if windows, !csv, !json { throw ValidationError("--windows belongs to --csv or --json.") }
    if resume != nil, !csv, !json { throw ValidationError("--resume belongs to --csv or --json.") }
    if null, filesFrom == nil { throw ValidationError("--null belongs to --files-from.") }
    if embed, !html { throw ValidationError("--embed belongs to --html.") }
    if force, formats.isEmpty { throw ValidationError("--force belongs to --audacity, --textgrid, --vtt and --html.") }
    if paths.contains("-"), filesFrom == "-" { throw ValidationError("standard input is one thing: names or sound.") }
    if paths.contains("-"), !formats.isEmpty {
      throw ValidationError("a recording from standard input has no folder for label files: name a file.")
    }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
    for assignment in assignments where !assignment.contains("=") {
      throw ValidationError("--set takes key=value, not '\(assignment)'.")
    }
  }

  func run() throws {
    var ended: Int32?
    var failures = ClassificationRun.Failures()
    try reporting(readerMayLeave: true) {
      // Before any thread: they inherit which signals are blocked.
      let signals = SignalQueue([SIGINT, SIGTERM])
      let settings = try hearingSettings()
      let writer = RowWriter(csv ? .csv : json ? .json : .text, windows: windows, model: settings.model)
      var files = try recordings()
      let timelines = TimelineFiles(formats, for: files, force: force)
      let earlier = try resume.map { try ResumedOutput(path: $0, writer: writer) }
      if let earlier {
        let all = files.count
        files.removeAll { earlier.done.contains(writer.shown($0)) }
        if files.count < all { Output.note("\(all - files.count) of \(all) recordings are done already") }
      } else {
        try Output.write(writer.header)
      }
      var run = ClassificationRun(
        files, threads: threads ?? Processors.usable, settings: settings, writer: writer, timelines: timelines,
        sound: embed ? .embedded : .linked)
      let end = try run.run(signals: signals) { lines in
        if let earlier { try earlier.write(lines) } else { try Output.write(lines) }
      }
      failures = run.failures
      failures.recordings += earlier?.failures ?? 0
      if case .interrupted(let signal) = end { ended = signal }
      if failures.recordings > 0 {
        Output.warn("\(failures.recordings) recording\(failures.recordings == 1 ? "" : "s") could not be heard")
      }
    }
    if let ended { Self.die(of: ended) }
    if failures.recordings > 0 { throw ExitCode(ExitStatus.badData.rawValue) }
    if failures.timelines > 0 { throw ExitCode(ExitStatus.cannotWrite.rawValue) }
  }

  private func hearingSettings() throws -> HearingSettings {
    var options = channel.map { [(key: "channel", value: $0)] } ?? []
    for assignment in assignments {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      options.append((String(parts[0]), String(parts[1])))
    }
    let layers = try ConfigurationLayers(path: config, environment: Environment.variables, options: options)
    let model = try ModelChoice.load(model)
    try layers.check(labels: model.model.description.labels)
    let configuration = layers.configuration
    return HearingSettings(
      model: model, channel: configuration.channel, transform: configuration.transform,
      emotions: configuration.emotions)
  }

  private func recordings() throws -> [String] {
    var paths = paths
    if let filesFrom { paths += try RecordingList.names(inList: filesFrom, separator: null ? 0 : UInt8(ascii: "\n")) }
    let files = try RecordingList.recordings(in: paths)
    guard files.isEmpty else { return files }
    throw CommandError(.noInput, "there are no recordings to classify", advice: "name files, or folders with some")
  }

  /// Ends the program by the signal itself, so that a shell's loop ends with it.
  private static func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    raise(number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    _exit(128 + number)
  }
}
