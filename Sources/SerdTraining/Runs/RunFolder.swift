import Foundation
import Glibc
import SerdCorpora
import SerdNetwork

/// The folder of a training run: what it is (`run.json`), a log to follow (`log.ndjson`), and a folder per seed and fold with the
/// checkpoint while it trains and the result and models when it is done.
///
/// Every file is written beside its place and renamed into it, so a run that is killed at any moment, or meets a full disk,
/// leaves whole files. The folder is made to be resumed: the same command goes on where it stopped.
package struct RunFolder: Sendable {
  /// Where it is.
  package let path: String

  /// The model that the run's trainings start from; nil for random weights.
  package let start: StartModel?

  /// Opens or makes the folder; a model to start from is copied into a new one. - Throws: `TrainingError` if it belongs to another
  /// experiment, lacks its start model or cannot be written.
  package init(path: String, experiment: Experiment, start: StartModel? = nil) throws {
    self.path = path
    try OutputFile.makeFolder(path)
    let file = path + "/run.json"
    // Of several processes that begin at the same time one makes the file; the others read it.
    if !FileManager.default.fileExists(atPath: file) { try OutputFile.create(StableJSON.data(experiment), at: file) }
    if let data = FileManager.default.contents(atPath: file) {
      let known = try? JSONDecoder().decode(Experiment.self, from: data)
      if let difference = known.map({ $0.difference(from: experiment) }) ?? "\(file) is damaged" {
        throw TrainingError(
          "\(path) holds another run: \(difference)", kind: .usage, advice: "name another folder with --run")
      }
    } else {
      throw OutputFile.unwritable(file, "it was there and cannot be read")
    }
    // Only now, or another run would lose its own.
    if let start, !start.isKept(in: path) { try start.write(into: path) }
    self.start = try experiment.recipe.start == nil ? nil : start ?? StartModel(path: "\(path)/\(StartModel.fileName)")
    guard self.start?.sha256 == experiment.recipe.start else {
      throw TrainingError(
        "\(path)/\(StartModel.fileName) is not the model that the run started from", advice: "copy that one there")
    }
  }

  /// The folder of one fold of one seed; made if need be.
  func folder(seed: UInt64, fold: String) throws -> String {
    let folder = "\(path)/seed-\(seed)/fold-\(Self.fileName(fold))"
    try OutputFile.makeFolder(folder)
    return folder
  }

  /// The result of a fold that is done, or nil.
  package func result(seed: UInt64, fold: String) throws -> FoldResult? {
    guard let data = FileManager.default.contents(atPath: try folder(seed: seed, fold: fold) + "/result.json") else {
      return nil
    }
    return try JSONDecoder().decode(FoldResult.self, from: data)
  }

  /// Makes the folder of a fold that is to be trained, by this process or another: until its result is there, reports say that it is missing.
  package func announce(seed: UInt64, fold: String) throws { _ = try folder(seed: seed, fold: fold) }

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
    guard descriptor >= 0 else { throw OutputFile.unwritable(file, errno) }
    defer { close(descriptor) }
    let bytes = Array((line + "\n").utf8)
    let written = Glibc.write(descriptor, bytes, bytes.count)
    guard written == bytes.count else {
      throw OutputFile.unwritable(file, written < 0 ? errno : ENOSPC)
    }
  }

  /// A name as a file name: names of speakers may come from a manifest, and groups of speakers have long names.
  package static func fileName(_ name: String) -> String {
    let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_".utf8)
    let safe = name.utf8.map { allowed.contains($0) ? String(UnicodeScalar($0)) : String(format: "%%%02X", $0) }
      .joined()
    return safe.count <= 120 ? safe : String(safe.prefix(100)) + "-" + ModelFile.sha256(of: Array(name.utf8)).prefix(16)
  }
}
