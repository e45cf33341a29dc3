import Foundation
import SerdCorpora
import SerdNetwork

/// What the folders of a cross-validation hold, read for a report: results, log, and what the models say of their making.
///
/// Several folders are parts of one experiment that were run apart. Reads only.
package struct RunRecord: Sendable {
  /// One quantity of the log over the epochs of one training.
  package struct Curve: Codable, Equatable, Sendable {
    /// The fold's name.
    package let fold: String
    /// The training's seed.
    package let seed: UInt64
    /// The log's name for it: `loss`.
    package let quantity: String
    /// Rising.
    package let epochs: [Int]
    /// One per epoch.
    package let values: [Double]
  }

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
  package let curves: [Curve]
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
      throw TrainingError("no run folder is given", kind: .usage, advice: "name the folder of a crossval")
    }
    if let index = parts.firstIndex(where: { $0.experiment.difference(from: first.experiment) != nil }) {
      throw TrainingError(
        "\(folders[index]) holds another experiment than \(folders[0])", kind: .usage, advice: "report them one by one")
    }
    let results = parts.flatMap(\.results).sorted { ($0.seed, $0.fold) < ($1.seed, $1.fold) }
    for (one, next) in zip(results, results.dropFirst()) where one.seed == next.seed && one.fold == next.fold {
      throw TrainingError(
        "fold \(one.fold) of seed \(one.seed) is in more than one folder", kind: .usage, advice: "name each part once")
    }
    guard let description = parts.lazy.compactMap(\.description).first else {
      throw TrainingError(
        "no fold in \(folders.joined(separator: ", ")) is done", kind: .noInput,
        advice: "let its crossval finish a fold; the same command goes on where it stopped")
    }
    experiment = first.experiment
    labels = description.labels
    provenance = description.provenance
    allResults = results
    self.results = EvaluationProtocol(name: first.experiment.evaluationProtocol)?.headline(results) ?? results
    calibrations = parts.flatMap(\.calibrations).sorted { ($0.seed, $0.fold) < ($1.seed, $1.fold) }
    curves = parts.flatMap(\.curves)
    // What one part lacks may be in another.
    let done = Set(results.map { Self.name(seed: "\($0.seed)", fold: RunFolder.fileName($0.fold)) })
    unfinished = Set(parts.flatMap(\.unfinished)).subtracting(done).sorted()
  }
}

extension RunRecord {
  /// What a fold is called in messages, by its folder's name.
  fileprivate static func name(seed: String, fold: String) -> String {
    "seed \(seed) fold \(fold.removingPercentEncoding ?? fold)"
  }
}

/// What one folder holds.
private struct RunPart {
  let experiment: Experiment
  var results: [FoldResult] = []
  var calibrations: [FoldCalibration] = []
  var unfinished: [String] = []
  let curves: [RunRecord.Curve]
  /// Of the first fold that is done.
  var description: ModelDescription?

  init(folder: String) throws {
    guard let data = FileManager.default.contents(atPath: folder + "/run.json") else {
      throw TrainingError("there is no run in \(folder)", kind: .noInput, advice: "name the folder of a crossval")
    }
    experiment = try Self.decoded(data, folder + "/run.json")
    curves = TrainingLog.curves(folder: folder)
    for seed in Self.names(in: folder, prefix: "seed-") {
      for fold in Self.names(in: "\(folder)/seed-\(seed)", prefix: "fold-") {
        let path = "\(folder)/seed-\(seed)/fold-\(fold)"
        guard let data = FileManager.default.contents(atPath: path + "/result.json") else {
          unfinished.append(RunRecord.name(seed: seed, fold: fold))
          continue
        }
        results.append(try Self.decoded(data, path + "/result.json"))
        let calibration = "\(path)/\(FoldCalibration.fileName)"
        if let data = FileManager.default.contents(atPath: calibration) {
          calibrations.append(try Self.decoded(data, calibration))
        }
        if description == nil {
          let model = path + "/int8.safetensors"
          do throws(ModelFileError) {
            description = try QuantisedModel(parsing: ModelFile.bytes(path: model)).description
          } catch {
            throw error.at(model)
          }
        }
      }
    }
  }

  private static func names(in folder: String, prefix: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return entries.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
  }

  private static func decoded<Value: Decodable>(_ data: Data, _ file: String) throws(TrainingError) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: data)
    } catch {
      throw TrainingError("\(file) is damaged", advice: "delete it; the crossval that made it makes it again")
    }
  }
}
