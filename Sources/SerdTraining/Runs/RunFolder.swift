import Foundation
import SerdNetwork

/// The folder of a run: what it is (`run.json`), a log to follow (`log.ndjson`), and a folder per seed and fold; of a
/// training on all speakers the models themselves. Only here, and in `TrainingFolder`, files of a run have names.
///
/// Every file is written beside its place and renamed into it, so a run that is killed at any moment, or meets a full
/// disk, leaves whole files. The folder is made to be resumed: the same command goes on where it stopped.
package struct RunFolder: Sendable {
  /// Where it is.
  package let path: String
  /// What the run is about.
  package let experiment: Experiment

  /// Opens or makes the folder; a model to start from is copied into a new one. - Throws: `TrainingError` if it belongs
  /// to another experiment, lacks its start model or cannot be written.
  package init(path: String, experiment: Experiment, start: StartModel? = nil) throws {
    self.path = path
    self.experiment = experiment
    try OutputFile.makeFolder(path)
    let file = Self.experimentFile(path)
    // Of several processes that begin at the same time one makes the file; the others read it.
    if !file.exists { try file.create(experiment) }
    let difference: String? =
      switch Result(catching: { try file.read() }) {
      case .success(let known?): known.difference(from: experiment)
      case .success(nil): "\(file.path) was there and cannot be read"
      case .failure: "\(file.path) is damaged"
      }
    if let difference {
      throw TrainingError(
        .usage, "\(path) holds another run: \(difference)", advice: "name another run folder")
    }
    // Only now, or another run would lose its own.
    if let start, !start.isKept(at: startFile) { try start.write(to: startFile) }
    _ = try self.start()
  }

  /// Opens the folder of a run to read it. - Throws: `TrainingError` if there is none.
  package init(reading path: String) throws(TrainingError) {
    guard let experiment = try Self.experimentFile(path).read() else {
      throw TrainingError(.noInput, "there is no run in \(path)", advice: "name the folder of a crossval")
    }
    self.path = path
    self.experiment = experiment
  }

  /// Whether a folder is free for any experiment.
  package static func isFree(_ path: String) -> Bool { !experimentFile(path).exists }

  private static func experimentFile(_ path: String) -> JSONFile<Experiment> { JSONFile(path: path + "/run.json") }
  private var startFile: String { path + "/start.safetensors" }
  var log: TrainingLog { TrainingLog(path: path + "/log.ndjson") }
  var robustness: JSONFile<Robustness> { JSONFile(path: path + "/robustness.json") }
  /// Of a training on all speakers.
  package var training: TrainingFolder { TrainingFolder(path: path) }
  /// Where the page of a report goes.
  package static func reportPage(_ path: String) -> String { path + "/report.html" }

  /// The model that the run's trainings start from; nil for random weights.
  package func start() throws -> StartModel? {
    guard experiment.recipe.start != nil else { return nil }
    let start = try StartModel(path: startFile)
    guard start.sha256 == experiment.recipe.start else {
      throw TrainingError(
        "\(startFile) is not the model that the run started from", advice: "copy that one there")
    }
    return start
  }
}

extension RunFolder {
  private static let seedPrefix = "seed-"
  private static let foldPrefix = "fold-"

  /// The folder of one fold of one seed, which may not be there.
  func fold(_ id: FoldID) -> TrainingFolder {
    TrainingFolder(path: "\(path)/\(Self.seedPrefix)\(id.seed)/\(Self.foldPrefix)\(Self.fileName(id.fold))")
  }

  /// The result of a fold that is done, or nil.
  package func result(_ id: FoldID) throws(TrainingError) -> FoldResult? { try fold(id).result.read() }

  /// Makes the folder of a fold that is to be trained, by this process or another: until its result is there, reports
  /// say that it is missing.
  @discardableResult
  package func announce(_ id: FoldID) throws(TrainingError) -> TrainingFolder {
    let folder = fold(id)
    try OutputFile.makeFolder(folder.path)
    return folder
  }

  /// Seeds that trainings were begun with.
  var seeds: [UInt64] { Self.names(in: path, prefix: Self.seedPrefix).compactMap { UInt64($0) } }

  /// All folds that were begun, by the names of their folders.
  var begunFolds: [BegunFold] {
    seeds.flatMap { seed in
      let folder = "\(path)/\(Self.seedPrefix)\(seed)"
      return Self.names(in: folder, prefix: Self.foldPrefix).map {
        BegunFold(seed: seed, fileName: $0, folder: TrainingFolder(path: "\(folder)/\(Self.foldPrefix)\($0)"))
      }
    }
  }

  private static func names(in folder: String, prefix: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return entries.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
  }

  /// A name as a file name: names of speakers may come from a manifest, and groups of speakers have long names.
  package static func fileName(_ name: String) -> String {
    let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_".utf8)
    let safe = name.utf8.map { allowed.contains($0) ? String(UnicodeScalar($0)) : String(format: "%%%02X", $0) }
      .joined()
    return safe.count <= 120 ? safe : String(safe.prefix(100)) + "-" + ModelFile.sha256(of: Array(name.utf8)).prefix(16)
  }
}

/// The folder of a fold, found in a run folder: a long fold's name cannot be told from it.
struct BegunFold {
  let seed: UInt64
  let fileName: String
  let folder: TrainingFolder

  /// Whether it is the folder of a fold.
  func isOf(_ id: FoldID) -> Bool { id.seed == seed && RunFolder.fileName(id.fold) == fileName }

  /// The fold's name, or what is left of a long one.
  var id: FoldID { FoldID(seed: seed, fold: fileName.removingPercentEncoding ?? fileName) }
}
