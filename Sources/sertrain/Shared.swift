import ArgumentParser
import Foundation
import SerdAudio
import SerdConsole
import SerdCorpora
import SerdNetwork
import SerdTraining

/// What train and crossval share.
struct DataOptions: ParsableArguments {
  @OptionGroup var source: CorpusOptions

  @Option(help: "Name of a recipe (see sertrain recipes), or a file NAME.json with one.")
  var recipe = "rooms"

  @Option(help: "Train this many epochs instead of the recipe's.")
  var epochs: Int?

  @Option(help: "Length of the window in seconds instead of the recipe's: 0.6 to 8.")
  var seconds: Double?

  @Option(
    help: """
      A float model of another corpus to start from, all but its last layer; what is trained has that corpus's terms, too.
      """)
  var startFrom: String?

  @Option(help: "Folder for the log, checkpoints and results; the same command goes on where it was stopped.")
  var run: String

  /// The model to start from.
  func start() throws -> StartModel? {
    guard let startFrom else { return nil }
    do {
      return try StartModel(path: startFrom)
    } catch let error as ModelFileError {
      return try explaining(startFrom) { () throws(ModelFileError) in throw error }
    }
  }

  /// The recipe with the overrides.
  func chosenRecipe(start: StartModel?) throws -> Recipe {
    var chosen = try Recipe.find(recipe)
    if let epochs {
      guard epochs > 0 else {
        throw TrainingError("\(epochs) epochs train nothing", kind: .usage, advice: "use 1 or more")
      }
      chosen.epochs = epochs
    }
    if let seconds {
      guard (0.6...8).contains(seconds) else {
        throw TrainingError("windows of \(seconds) s are not supported", kind: .usage, advice: "use 0.6 to 8")
      }
      chosen.windowFrames = chosen.frontEnd.frames(inSamples: Int(seconds * Double(chosen.frontEnd.sampleRate)))
    }
    chosen.start = start?.sha256
    return chosen
  }

  /// Where the models of this command come from.
  func provenance(corpus: Corpus, recipe: Recipe, seed: UInt64, start: StartModel?) -> Provenance {
    let own = Provenance(
      corpora: corpus.parts, terms: corpus.terms, recipe: recipe.name, seed: seed, revision: revision(),
      command: PublicCommand(CommandLine.arguments.dropFirst(), corpus: source.corpus).text)
    return start?.extend(own) ?? own
  }
}

/// The features of a corpus, from the cache if it has them.
func computedFeatures(of corpus: Corpus, recipe: Recipe) throws -> FeatureSet {
  let start = ContinuousClock.now
  let cache = FeatureCache.standard
  let features = try FeatureSet(of: corpus, settings: recipe.features, cache: cache)
  if let problem = features.cacheProblem { say("\(problem)") }
  let seconds = Int((ContinuousClock.now - start) / .seconds(1))
  let source = features.isFromCache ? "from \(cache!.folder), " : ""
  say("features of \(features.versions) versions and of what serd hears: \(source)\(seconds) s")
  return features
}

/// Writes to stdout at once. - Throws: `TrainingError` if it takes no more, which is not to pass for success.
func writeOut(_ text: String) throws(TrainingError) {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else {
      throw TrainingError(
        "cannot write to standard output: \(String(cString: strerror(errno))); what is there is incomplete",
        kind: .cannotWrite, advice: "free the disk or pipe it elsewhere")
    }
    rest = rest.dropFirst(count)
  }
}

/// A line of progress or a message, on stderr.
func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

/// The git revision of the working folder, with a + if it has changes; `unknown` outside a repository of serd's
/// sources, since another's revision says nothing of this program.
func revision() -> String {
  func git(_ arguments: [String]) -> String? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
  guard let root = git(["rev-parse", "--show-toplevel"]),
    FileManager.default.fileExists(atPath: root + "/Sources/sertrain/Sertrain.swift"),
    let head = git(["rev-parse", "--short=12", "HEAD"])
  else { return "unknown" }
  let changed = git(["-C", root, "status", "--porcelain", "--untracked-files=no", "Sources"]) ?? ""
  return changed.isEmpty ? head : head + "+"
}

/// Refuses numbers of things at the same time that are none.
func check(jobs: Int? = nil, threads: Int? = nil) throws(TrainingError) {
  for (count, name) in [(jobs, "jobs"), (threads, "threads")] {
    guard let count, count < 1 else { continue }
    throw TrainingError("\(count) \(name) do nothing", kind: .usage, advice: "use 1 or more")
  }
}

/// Runs a command; says in one line why it failed and ends with the exit code that sysexits(3) has for it.
func orExplain(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as ExitCode {
    throw error
  } catch {
    say("sertrain: \(error)")
    throw ExitCode(exitCode(of: error))
  }
}

private func exitCode(of error: any Error) -> Int32 {
  switch error {
  case let error as RunFailure: exitCode(of: error.cause)
  case let error as ModelFileError: ExitStatus(error.cause).rawValue
  case let error as TrainingError:
    switch error.kind {
    case .usage: 64
    case .noInput: 66
    case .badData: 65
    case .unavailable: 69
    case .cannotWrite: 74
    }
  default: 65
  }
}
