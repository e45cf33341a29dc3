import Foundation
import SerdNetwork

/// A training that keeps its state in a file: stopped at any moment, it goes on from there.
struct CheckpointedTraining {
  /// What trains. It may have gone on from a model (`Trainer.goOn`), and has done no epoch.
  let trainer: Trainer
  /// Where its state is kept.
  let checkpoint: String
  /// Epochs between checkpoints: at worst this much is trained again.
  private static let interval = 5
  private static let identityKey = "training"

  /// Trains the epochs that are left, from the checkpoint on, if there is one, and keeps it up to date.
  func run(onEpoch: (Trainer.Progress) throws -> Void) throws {
    let identity = try self.identity
    if let data = FileManager.default.contents(atPath: checkpoint) { try restore(data, identity: identity) }
    try trainer.run { progress in
      if progress.epoch % Self.interval == 0 {
        var file = trainer.checkpoint()
        file.metadata[Self.identityKey] = identity
        try OutputFile.write(file.serialised(), to: checkpoint)
      }
      try onEpoch(progress)
    }
  }

  /// Forgets the state, once what was trained is written.
  func removeCheckpoint() { try? FileManager.default.removeItem(atPath: checkpoint) }

  private func restore(_ data: Data, identity: String) throws {
    let isOurs: Bool
    do {
      let file = try Safetensors(parsing: Array(data))
      // Checkpoints of earlier versions do not say.
      isOurs = file.metadata[Self.identityKey] ?? identity == identity
      if isOurs { try trainer.restore(file) }
    } catch {
      throw TrainingError(at: checkpoint, "\(error)", advice: "delete it to start this training again")
    }
    guard isOurs else {
      throw TrainingError(
        .usage, at: checkpoint, "it is of another seed or recipe, or of other recordings",
        advice: "name another run folder, or delete it to train anew")
    }
  }

  /// What a checkpoint must be of: this seed and recipe, these recordings.
  private var identity: String {
    get throws {
      let recordings = try StableJSON.data([trainer.data.indices, trainer.choosing?.indices ?? []])
      let known = Array("\(trainer.seed)\t\(trainer.data.corpus.identity)\t".utf8)
      return ModelFile.sha256(of: known + (try StableJSON.data(trainer.recipe)) + recordings)
    }
  }
}
