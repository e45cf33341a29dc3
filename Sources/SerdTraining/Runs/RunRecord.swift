import SerdNetwork
import SerdPipeline

/// What the folders of a cross-validation hold, read for a report: results, log, and what the models say of their
/// making.
///
/// Several folders are parts of one experiment that were run apart. Reads only.
package struct RunRecord: Sendable {
  /// Recipe, corpus and protocol.
  package let experiment: Experiment
  /// Names of the emotions.
  package let labels: [String]
  /// Of all folds that are done and that the run's figures are of, by seed, then by fold.
  package let results: [FoldResult]
  /// Of all folds that are done: under `cross-N` also of those whose models know a single corpus.
  package let allResults: [FoldResult]
  /// Of the folds that are calibrated, in the same order.
  package let calibrations: [FoldCalibration]
  /// All that the log followed, whether the fold is done or not.
  package let curves: [TrainingLog.Curve]
  /// Names of folds that were begun and are not done, with their seeds.
  package let unfinished: [String]
  /// Where the first fold's model says that it comes from.
  package let provenance: Provenance

  /// Reads one or more run folders.
  ///
  /// - Throws: `TrainingError` that names the folder or file: no run, another experiment, a damaged file, a fold twice.
  package init(folders: [String]) throws {
    let parts = try folders.map { try RunPart(folder: $0) }
    guard let first = parts.first else {
      throw TrainingError(.usage, "no run folder is given", advice: "name the folder of a crossval")
    }
    if let index = parts.firstIndex(where: { $0.experiment.difference(from: first.experiment) != nil }) {
      throw TrainingError(
        .usage, "\(folders[index]) holds another experiment than \(folders[0])", advice: "report them one by one")
    }
    let results = parts.flatMap(\.results).sorted { $0.id < $1.id }
    for (one, next) in zip(results, results.dropFirst()) where one.id == next.id {
      throw TrainingError(
        .usage, "fold \(one.fold) of seed \(one.seed) is in more than one folder", advice: "name each part once")
    }
    guard let description = parts.lazy.compactMap(\.description).first else {
      throw TrainingError(
        .noInput, "no fold in \(folders.joined(separator: ", ")) is done",
        advice: "let its crossval finish a fold; the same command goes on where it stopped")
    }
    experiment = first.experiment
    labels = description.labels
    provenance = description.provenance
    allResults = results
    self.results = first.experiment.headline(results)
    calibrations = parts.flatMap(\.calibrations).sorted { $0.id < $1.id }
    curves = parts.flatMap(\.curves)
    // What one part lacks may be in another.
    let missing = parts.flatMap(\.unfinished).filter { begun in !results.contains { begun.isOf($0.id) } }
    unfinished = Set(missing.map { "\($0.id)" }).sorted()
  }
}

/// What one folder holds.
private struct RunPart {
  let experiment: Experiment
  let curves: [TrainingLog.Curve]
  var results: [FoldResult] = []
  var calibrations: [FoldCalibration] = []
  var unfinished: [BegunFold] = []
  /// Of the first fold that is done.
  var description: ModelDescription?

  init(folder path: String) throws {
    let folder = try RunFolder(reading: path)
    experiment = folder.experiment
    curves = folder.log.curves
    for fold in folder.begunFolds {
      guard let result = try fold.folder.result.read() else {
        unfinished.append(fold)
        continue
      }
      results.append(result)
      if let calibration = try fold.folder.calibration.read() { calibrations.append(calibration) }
      if description == nil { description = try Self.description(of: fold.folder.int8) }
    }
  }

  private static func description(of model: String) throws(ModelFileError) -> ModelDescription {
    do throws(ModelFileError) {
      return try Model(parsing: ModelFile.bytes(path: model)).description
    } catch {
      throw error.at(model)
    }
  }
}
