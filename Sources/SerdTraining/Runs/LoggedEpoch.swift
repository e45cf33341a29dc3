/// One epoch in the log.
struct LoggedEpoch: Codable {
  let fold: String
  let seed: UInt64
  let epoch: Int
  let loss: Double
  let learningRate: Float
  let clipsPerSecond: Double

  init(fold: String, seed: UInt64, progress: FoldTrainer.Progress) {
    self.fold = fold
    self.seed = seed
    epoch = progress.epoch
    loss = progress.loss
    learningRate = progress.learningRate
    clipsPerSecond = progress.clipsPerSecond
  }

  var text: String {
    get throws { String(decoding: try RunFolder.json(self), as: UTF8.self) }
  }
}
