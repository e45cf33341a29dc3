import Foundation

/// The log of a run: a line of JSON per epoch, of all its trainings.
package struct TrainingLog: Sendable {
  let path: String

  var lines: [Data] {
    (FileManager.default.contents(atPath: path) ?? Data()).split(separator: UInt8(ascii: "\n")).map { Data($0) }
  }

  /// Adds an epoch.
  func add(_ epoch: LoggedEpoch) throws {
    try OutputFile.append(StableJSON.data(epoch) + Data("\n".utf8), to: path)
  }

  /// Seconds that the epochs of a fold took; an epoch that was trained twice counts twice.
  func seconds(of id: FoldID, clips: Int) -> Double {
    lines.reduce(0) { sum, line in
      guard let epoch = try? JSONDecoder().decode(LoggedEpoch.self, from: line), epoch.id == id,
        epoch.clipsPerSecond > 0
      else { return sum }
      return sum + Double(clips) / epoch.clipsPerSecond
    }
  }
}

/// One epoch in the log.
struct LoggedEpoch: Codable {
  let fold: String
  let seed: UInt64
  let epoch: Int
  let loss: Double
  let learningRate: Float
  let clipsPerSecond: Double
  /// Measures on the recordings that choose the epoch, where some do.
  let validation: EpochValidation?

  var id: FoldID { FoldID(seed: seed, fold: fold) }

  init(_ progress: Trainer.Progress, of id: FoldID) {
    fold = id.fold
    seed = id.seed
    epoch = progress.epoch
    loss = progress.loss
    learningRate = progress.learningRate
    clipsPerSecond = progress.clipsPerSecond
    validation = progress.validation
  }
}
