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
      Exit codes: 0 done (also when there was no speech), 64 wrong usage, 65 bad audio or model data, 66 no such input,
      70 internal error, 74 output could not be written.
      """,
    version: Version.text,
    subcommands: [BenchCommand.self])

  @Option(
    name: .long, help: ArgumentHelp("Classify one audio file (- for standard input) and exit.", valueName: "file"))
  var once: String?

  @Flag(name: .long, help: "Print one JSON object instead of a summary.")
  var json = false

  @Flag(name: .long, help: "With --json, print one line per window before the object.")
  var windows = false

  @Option(
    name: .long, help: ArgumentHelp("The int8 model to run (default: the bundled EMO-DB model).", valueName: "path"))
  var model: String?

  func validate() throws {
    if once?.isEmpty == true { throw ValidationError("--once needs the name of a file, or - for standard input.") }
    if windows, !json { throw ValidationError("--windows adds JSON lines: use it together with --json.") }
  }

  func run() throws {
    // Not in validate, which runs before unknown options are found: they are the better message.
    guard let once else {
      throw ValidationError(
        "nothing to do: name a recording with --once FILE (listening to a microphone is not built yet).")
    }
    do {
      let path = try model ?? LoadedModel.defaultPath()
      try Once(file: once, model: LoadedModel(path: path), json: json, windows: windows).run()
    } catch let error as AudioError {
      throw failure(error.description, code: error.kind.exitCode)
    } catch let error as ModelFileError {
      throw failure(error.description, code: error.kind.exitCode)
    } catch let error as OutputError {
      throw failure(error.description, code: .ioError)
    }
  }
}
