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

  init(fold: String, seed: UInt64, progress: FoldTrainer.Progress) {
    self.fold = fold
    self.seed = seed
    epoch = progress.epoch
    loss = progress.loss
    learningRate = progress.learningRate
    clipsPerSecond = progress.clipsPerSecond
    validation = progress.validation
  }

  var text: String {
    get throws { String(decoding: try StableJSON.data(self), as: UTF8.self) }
  }
}
