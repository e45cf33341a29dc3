import Foundation
import SerdCorpora
import SerdNetwork

/// A cross-validation that is done, with the corpus that it was made of: what calibration and quantisation start from.
package struct FinishedRun {
  /// Its results.
  package let record: RunRecord
  let corpus: Corpus
  let features: FeatureSet
  let folder: RunFolder
  private let folds: [String: Fold]

  /// - Throws: `TrainingError` if the folder holds no finished fold, or one of another corpus or of an unknown protocol.
  package init(folder path: String, corpus: Corpus, features: () throws -> FeatureSet) throws {
    record = try RunRecord(folders: [path])
    let experiment = record.experiment
    try experiment.check(corpus, of: path)
    guard let evaluation = EvaluationProtocol(name: experiment.evaluationProtocol) else {
      throw TrainingError(
        "\(path) has the protocol \"\(experiment.evaluationProtocol)\", whose folds are not known", kind: .usage,
        advice: "use the sertrain that made it")
    }
    self.corpus = corpus
    folds = Dictionary(uniqueKeysWithValues: evaluation.folds(of: corpus).map { ($0.name, $0) })
    folder = try RunFolder(path: path, experiment: experiment)
    self.features = try features()
  }

  /// The fold of a result, and the folder of its files.
  func fold(of result: FoldResult) throws -> (fold: Fold, path: String) {
    guard let fold = folds[result.fold] else {
      throw TrainingError(
        "the corpus has no fold \"\(result.fold)\"", kind: .usage, advice: "give the corpus that the run was made of")
    }
    return (fold, try folder.folder(seed: result.seed, fold: result.fold))
  }

  /// Trains `train` by `recipe`, from the checkpoint on if there is one, and returns the model.
  func trained(
    _ trainer: FoldTrainer, checkpoint: String, name: String, report: (String) -> Void
  ) throws -> FloatModel {
    let job = FoldJob(
      fold: Fold(corpus: corpus, testSpeakers: []), seed: 0, recipe: trainer.recipe, corpus: corpus, features: features,
      folder: folder, threads: 1, provenance: record.provenance)
    try job.train(trainer, checkpoint: checkpoint) { epoch in
      if epoch.epoch % 10 == 0 || epoch.epoch == 1 || epoch.epoch == epoch.epochs {
        report("\(name)  epoch \(epoch.epoch)/\(epoch.epochs)  loss \(decimals(epoch.loss, 3))")
      }
    }
    let model = try trainer.model(name: name, provenance: record.provenance)
    try? FileManager.default.removeItem(atPath: checkpoint)
    return model
  }
}
