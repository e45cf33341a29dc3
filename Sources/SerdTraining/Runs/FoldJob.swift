import Foundation
import SerdCorpora
import SerdLearning
import SerdNetwork

/// One fold of one seed: train (or go on from its checkpoint), quantise, evaluate, write the result. Jobs are
/// independent.
struct FoldJob: Sendable {
  let id: FoldID
  let fold: Fold
  /// All of the corpus.
  let data: TrainingData
  let run: RunFolder
  let start: StartModel?
  let provenance: Provenance

  private var folder: TrainingFolder { run.fold(id) }
  private var recipe: Recipe { run.experiment.recipe }

  /// Runs the job and returns its result.
  func run(onEpoch: (Trainer.Progress) throws -> Void) throws -> FoldResult {
    let float = try trained(onEpoch: onEpoch)
    let train = data.at(fold.train)
    let test = data.at(run.experiment.heardOrder(fold.test))
    let int8 = try Quantiser.quantise(
      float, calibrationInputs: train.calibrationInputs(for: float.description.frontEnd))
    try OutputFile.write(int8.serialised(), to: folder.int8)
    let result = FoldResult(
      of: fold, seed: id.seed, testedBy: run.experiment.testedBy, float: try float.decisions(on: test),
      int8: try int8.decisions(on: test, preparation: recipe.preparation),
      trainingSeconds: run.log.seconds(of: id, clips: fold.train.count), choice: try choice(of: float))
    try folder.result.write(result)
    return result
  }

  /// The float model of the fold: read, if its training is done and only the rest is missing, else trained.
  private func trained(onEpoch: (Trainer.Progress) throws -> Void) throws -> FloatModel {
    if FileManager.default.fileExists(atPath: folder.float) {
      return try FloatModel(parsing: ModelFile.bytes(path: folder.float))
    }
    let trainer = Trainer(
      recipe: recipe, data: data.at(fold.train), choosing: data.at(fold.choosing), seed: id.seed, threads: 1,
      start: start)
    let training = CheckpointedTraining(trainer: trainer, checkpoint: folder.checkpoint)
    try training.run(onEpoch: onEpoch)
    let float = try trainer.model(name: "\(data.corpus.name) without \(fold.name)", provenance: provenance)
    if let best = trainer.best { try folder.chosen.write(best.summary) }
    try OutputFile.write(float.serialised(), to: folder.float)
    training.removeCheckpoint()
    return float
  }

  /// What is known of the chosen epoch, once its model is trained; nil if none was chosen.
  private func choice(of float: FloatModel) throws -> EpochChoice? {
    guard !fold.choosing.isEmpty, let chosen = try folder.chosen.read() else { return nil }
    func accuracy(_ recordings: TrainingData) throws -> Double {
      try float.decisions(on: recordings).matrix(data.corpus.labels.count).weightedAccuracy
    }
    let own = data.at(fold.train).own
    let training = try accuracy(own)
    let validation = try accuracy(data.at(fold.choosing))
    let (trained, chosenOn) = (Double(own.indices.count), Double(fold.choosing.count))
    return EpochChoice(
      epoch: chosen.epoch, whole: (training * trained + validation * chosenOn) / (trained + chosenOn),
      training: training, validation: validation)
  }
}
