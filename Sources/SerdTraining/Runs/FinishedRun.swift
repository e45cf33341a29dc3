import SerdConsole
import Foundation
import SerdCorpora
import SerdNetwork

/// A cross-validation that is done, with the corpus that it was made of: what calibration and quantisation start from.
package struct FinishedRun {
  /// Its results.
  package let record: RunRecord
  /// All of the corpus.
  let data: TrainingData
  let start: StartModel?
  private let folder: RunFolder
  private let folds: [String: Fold]

  /// - Throws: `TrainingError` if the folder holds no finished fold, or one of another corpus or of an unknown
  ///   protocol.
  package init(folder path: String, corpus: Corpus, features: () throws -> FeatureSet) throws {
    record = try RunRecord(folders: [path])
    folder = try RunFolder(reading: path)
    let evaluation = try folder.evaluation(of: corpus)
    folds = Dictionary(uniqueKeysWithValues: evaluation.folds(of: corpus).map { ($0.name, $0) })
    start = try folder.start()
    data = TrainingData(corpus: corpus, features: try features())
  }

  var recipe: Recipe { record.experiment.recipe }

  /// The fold of a result, and the folder of its files.
  func fold(of result: FoldResult) throws -> (fold: Fold, folder: TrainingFolder) {
    guard let fold = folds[result.fold] else {
      throw TrainingError(
        .usage, "the corpus has no fold \"\(result.fold)\"", advice: "give the corpus that the run was made of")
    }
    return (fold, folder.fold(result.id))
  }

  /// Trains, from the checkpoint on if there is one, and returns the model.
  func trained(
    _ trainer: Trainer, checkpoint: String, name: String, report: (String) -> Void
  ) throws -> FloatModel {
    let training = CheckpointedTraining(trainer: trainer, checkpoint: checkpoint)
    try training.run { epoch in
      if epoch.epoch % 10 == 0 || epoch.epoch == 1 || epoch.epoch == epoch.epochs {
        report("\(name)  epoch \(epoch.epoch)/\(epoch.epochs)  loss \(epoch.loss.decimals(3))")
      }
    }
    let model = try trainer.model(name: name, provenance: record.provenance)
    training.removeCheckpoint()
    return model
  }
}

extension RunFolder {
  /// The protocol of the run. - Throws: `TrainingError` if the run was not made of the corpus, or its protocol is not
  /// known.
  func evaluation(of corpus: Corpus) throws(TrainingError) -> EvaluationProtocol {
    try experiment.check(corpus, of: path)
    guard let evaluation = experiment.evaluation else {
      throw TrainingError(
        .usage, "\(path) has the protocol \"\(experiment.testedBy.name)\", whose folds are not known",
        advice: "use the sertrain that made it")
    }
    return evaluation
  }
}
