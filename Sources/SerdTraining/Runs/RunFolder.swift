import Foundation
import Glibc
import SerdNetwork

/// The folder of a training run: what it is (`run.json`), a log to follow (`log.ndjson`), and a folder per seed and fold with the
/// checkpoint while it trains and the result and models when it is done.
///
/// Every file is written beside its place and renamed into it, so a run that is killed at any moment, or meets a full disk,
/// leaves whole files. The folder is made to be resumed: the same command goes on where it stopped.
public struct RunFolder: Sendable {
  /// Where it is.
  public let path: String

  /// The model that the run's trainings start from; nil for random weights.
  public let start: StartModel?

  /// Opens or makes the folder; a model to start from is copied into a new one. - Throws: `TrainingError` if it belongs to another
  /// experiment, lacks its start model or cannot be written.
  public init(path: String, experiment: Experiment, start: StartModel? = nil) throws {
    self.path = path
    try Self.makeFolder(path)
    let file = path + "/run.json"
    // Of several processes that begin at the same time one makes the file; the others read it.
    if !FileManager.default.fileExists(atPath: file) { try Self.create(Self.json(experiment), at: file) }
    if let data = FileManager.default.contents(atPath: file) {
      guard let known = try? JSONDecoder().decode(Experiment.self, from: data), known == experiment else {
        throw TrainingError(
          "\(path) holds a run with another recipe, corpus or protocol", kind: .usage,
          advice: "name another folder with --run")
      }
    } else {
      throw Self.unwritable(file, "it was there and cannot be read")
    }
    // Only now, or another run would lose its own.
    if let start { try start.write(into: path) }
    self.start = try experiment.recipe.start == nil ? nil : start ?? StartModel(path: "\(path)/\(StartModel.fileName)")
    guard self.start?.sha256 == experiment.recipe.start else {
      throw TrainingError(
        "\(path)/\(StartModel.fileName) is not the model that the run started from", advice: "copy that one there")
    }
  }

  /// The folder of one fold of one seed; made if need be.
  func folder(seed: UInt64, fold: String) throws -> String {
    let folder = "\(path)/seed-\(seed)/fold-\(Self.fileName(fold))"
    try Self.makeFolder(folder)
    return folder
  }

  /// The result of a fold that is done, or nil.
  package func result(seed: UInt64, fold: String) throws -> FoldResult? {
    guard let data = FileManager.default.contents(atPath: try folder(seed: seed, fold: fold) + "/result.json") else {
      return nil
    }
    return try JSONDecoder().decode(FoldResult.self, from: data)
  }

  /// Seconds that the epochs of a fold took, by the log; an epoch that was trained twice counts twice.
  func loggedSeconds(seed: UInt64, fold: String, clips: Int) throws -> Double {
    let lines = (FileManager.default.contents(atPath: path + "/log.ndjson") ?? Data()).split(
      separator: UInt8(ascii: "\n"))
    return lines.reduce(0) { sum, line in
      guard let epoch = try? JSONDecoder().decode(LoggedEpoch.self, from: Data(line)), epoch.seed == seed,
        epoch.fold == fold, epoch.clipsPerSecond > 0
      else { return sum }
      return sum + Double(clips) / epoch.clipsPerSecond
    }
  }

  /// Adds a line to the log.
  func log(_ line: String) throws {
    let file = path + "/log.ndjson"
    // Appended in one write to a file opened for appending: folds that run at the same time do not overwrite each other.
    let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.unwritable(file, String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let bytes = Array((line + "\n").utf8)
    let written = Glibc.write(descriptor, bytes, bytes.count)
    guard written == bytes.count else {
      throw Self.unwritable(file, written < 0 ? String(cString: strerror(errno)) : "the disk is full")
    }
  }

  /// Writes a file beside its place and renames it.
  public static func write(_ data: Data, to file: String) throws {
    do {
      try data.write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch {
      throw unwritable(file, TrainingError.reason(of: error))
    }
  }

  /// Makes a file that is not there, whole; one that another process has made meanwhile is left as it is.
  private static func create(_ data: Data, at file: String) throws {
    let own = "\(file).\(UUID().uuidString)"
    try write(data, to: own)
    defer { unlink(own) }
    guard link(own, file) != 0, errno != EEXIST else { return }
    // Some file systems have no links. There the last of several beginners wins, who has most likely the same to say.
    try write(data, to: file)
  }

  /// A name as a file name: names of speakers may come from a manifest, and groups of speakers have long names.
  package static func fileName(_ name: String) -> String {
    let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_".utf8)
    let safe = name.utf8.map { allowed.contains($0) ? String(UnicodeScalar($0)) : String(format: "%%%02X", $0) }
      .joined()
    return safe.count <= 120 ? safe : String(safe.prefix(100)) + "-" + ModelFile.sha256(of: Array(name.utf8)).prefix(16)
  }

  package static func json(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  private static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw unwritable(path, TrainingError.reason(of: error))
    }
  }

  static func unwritable(_ file: String, _ reason: String) -> TrainingError {
    TrainingError(
      "cannot write \(file): \(reason)", kind: .cannotWrite,
      advice: "free the disk or name another folder; the same command then goes on")
  }
}

/// What a run folder is about: everything but seeds and folds that its results depend on.
public struct Experiment: Codable, Equatable, Sendable {
  /// Name of the corpus.
  public let corpus: String
  /// Name of the protocol.
  public let evaluationProtocol: String
  /// All of the recipe.
  public let recipe: Recipe

  /// An experiment on a corpus under a protocol.
  public init(corpus: String, evaluationProtocol: String, recipe: Recipe) {
    self.corpus = corpus
    self.evaluationProtocol = evaluationProtocol
    self.recipe = recipe
  }

  /// The protocol's name as it is printed: one whose figures are too good says so, and so does one whose name does not tell that the models
  /// follow the test speaker.
  public var printedProtocol: String {
    if followsUnsaid { return evaluationProtocol + " (following the speaker)" }
    return EvaluationProtocol(name: evaluationProtocol)?.isLeaky == true
      ? evaluationProtocol + " (LEAKY)" : evaluationProtocol
  }

  /// What a reader of the figures must know; empty for a protocol that this version does not know.
  public var caveat: String {
    guard let evaluation = EvaluationProtocol(name: evaluationProtocol) else { return "" }
    return followsUnsaid
      ? "\(evaluation.caveat); standardised by what was heard of each test speaker before, without labels, in the order of the recordings' names"
      : evaluation.caveat
  }

  /// Recipes whose models follow their speaker are chosen by groups of speakers, too, whose names do not say it.
  var followsUnsaid: Bool {
    recipe.frontEnd.adaptation != nil && evaluationProtocol != EvaluationProtocol.losoAdapted.name
  }
}
