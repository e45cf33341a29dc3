import Foundation
import SerdCorpora
import SerdFeatures
import SerdLearning
import SerdNetwork

/// One fold of one seed: train (or go on from its checkpoint), quantise, evaluate, write the result. Jobs are independent.
struct FoldJob: Sendable {
  let fold: Fold
  let seed: UInt64
  let recipe: Recipe
  let corpus: Corpus
  let features: FeatureSet
  let folder: RunFolder
  let threads: Int
  let provenance: Provenance
  /// Name of the protocol that the fold is of.
  var evaluationProtocol: String?
  /// About how many windows of training speakers the int8 ranges are taken from.
  static let calibrationWindows = 256
  /// Epochs between checkpoints: at worst this much is trained again.
  static let checkpointInterval = 5

  /// Runs the job and returns its result.
  func run(onEpoch: (FoldTrainer.Progress) throws -> Void) throws -> FoldResult {
    let path = try folder.folder(seed: seed, fold: fold.name)
    let float = try trained(in: path, onEpoch: onEpoch)
    let int8 = try Quantiser.quantise(float, calibrationInputs: calibrationInputs(float.description.frontEnd))
    try OutputFile.write(Data(int8.serialised()), to: path + "/int8.safetensors")
    func decisions(_ recordings: [Int]) throws -> [Decision] {
      try FoldEvaluation.float(float, corpus: corpus, features: features, recordings: recordings)
    }
    let result = FoldResult(
      fold: fold.name, seed: seed, float: try decisions(fold.test),
      int8: try FoldEvaluation.int8(
        int8, recipe: recipe, corpus: corpus, features: features, recordings: fold.test),
      trainingSeconds: try folder.loggedSeconds(seed: seed, fold: fold.name, clips: fold.train.count),
      evaluationProtocol: evaluationProtocol, choice: try choice(in: path, decisions: decisions))
    try OutputFile.write(StableJSON.data(result), to: path + "/result.json")
    return result
  }

  /// The float model of the fold: read, if its training is done and only the rest is missing, else trained.
  private func trained(in path: String, onEpoch: (FoldTrainer.Progress) throws -> Void) throws -> FloatModel {
    let file = path + "/float.safetensors"
    if FileManager.default.fileExists(atPath: file) { return try FloatModel(parsing: ModelFile.bytes(path: file)) }
    let trainer = FoldTrainer(
      recipe: recipe, corpus: corpus, features: features, train: fold.train, choosing: fold.choosing, seed: seed,
      threads: threads, start: folder.start)
    let checkpoint = path + "/checkpoint.safetensors"
    try train(trainer, checkpoint: checkpoint, onEpoch: onEpoch)
    let float = try trainer.model(name: "\(corpus.name) without \(fold.name)", provenance: provenance)
    if let best = trainer.best {
      let chosen = ChosenEpoch.Summary(epoch: best.epoch, validation: best.validation)
      try OutputFile.write(StableJSON.data(chosen), to: path + "/chosen.json")
    }
    try OutputFile.write(Data(float.serialised()), to: file)
    try? FileManager.default.removeItem(atPath: checkpoint)
    return float
  }

  /// What is known of the chosen epoch, once its model is trained; nil if none was chosen.
  private func choice(in path: String, decisions: ([Int]) throws -> [Decision]) throws -> EpochChoice? {
    guard !fold.choosing.isEmpty, let data = FileManager.default.contents(atPath: path + "/chosen.json") else {
      return nil
    }
    let chosen = try JSONDecoder().decode(ChosenEpoch.Summary.self, from: data)
    func accuracy(_ recordings: [Int]) throws -> Double {
      try decisions(recordings).matrix(corpus.labels.count).weightedAccuracy
    }
    let own = corpus.own(of: fold.train)
    let (training, validation) = (try accuracy(own), try accuracy(fold.choosing))
    let (trained, chosenOn) = (Double(own.count), Double(fold.choosing.count))
    return EpochChoice(
      epoch: chosen.epoch, whole: (training * trained + validation * chosenOn) / (trained + chosenOn),
      training: training, validation: validation)
  }

  /// Trains from the checkpoint on, if there is one, and keeps it up to date.
  func train(_ trainer: FoldTrainer, checkpoint: String, onEpoch: (FoldTrainer.Progress) throws -> Void) throws {
    let own = try identity()
    if let data = FileManager.default.contents(atPath: checkpoint) {
      do {
        let file = try Safetensors(parsing: Array(data))
        // Checkpoints of earlier versions do not say.
        guard file.metadata[Self.identityKey] ?? own == own else {
          throw TrainingError(
            "it is of another seed or recipe, or of other recordings", kind: .usage,
            advice: "name another folder with --run, or delete it to train anew")
        }
        try trainer.restore(file)
      } catch let error as TrainingError where error.kind == .usage {
        throw TrainingError("\(checkpoint): \(error.problem)", kind: .usage, advice: error.advice)
      } catch {
        throw TrainingError("\(checkpoint): \(error)", advice: "delete it to start this training again")
      }
    }
    try trainer.run { progress in
      if progress.epoch % Self.checkpointInterval == 0 {
        var file = trainer.checkpoint()
        file.metadata[Self.identityKey] = own
        try OutputFile.write(Data(file.serialised()), to: checkpoint)
      }
      try onEpoch(progress)
    }
  }

  private static let identityKey = "training"

  /// What a checkpoint must be of: this seed and recipe, these recordings.
  private func identity() throws -> String {
    let parts = try [StableJSON.data(recipe), StableJSON.data([fold.train, fold.choosing])]
    return ModelFile.sha256(of: Array("\(seed)\t\(corpus.identity)\t".utf8) + parts.flatMap { Array($0) })
  }

  /// Scaled windows of training speakers, as `serd --once` sees them.
  func calibrationInputs(_ frontEnd: FrontEndSettings) -> [Float] {
    FoldEvaluation.scaledWindows(
      of: Self.calibrationChoice(from: corpus.own(of: fold.train)), corpus: corpus, features: features,
      frontEnd: frontEnd)
  }

  /// Of many recordings `calibrationWindows` to twice as many, spread evenly; of fewer, all.
  static func calibrationChoice(from recordings: [Int]) -> [Int] {
    let step = max(1, recordings.count / calibrationWindows)
    return recordings.indices.filter { $0 % step == 0 }.map { recordings[$0] }
  }
}
