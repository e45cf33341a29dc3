import Foundation
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// A training depends on recipe, data and seed alone, however often it is interrupted; and says so when it fails.
@Suite struct TrainerTests {
  let tiny: TinyTraining

  init() throws { tiny = try TinyTraining() }

  @Test("The same seed trains the same model with any number of threads, and another seed another one")
  func sameSeedSameModel() throws {
    func model(seed: UInt64, threads: Int = 1) throws -> [UInt8] {
      let trainer = tiny.trainer(seed: seed, threads: threads)
      try trainer.run { _ in }
      return try TinyTraining.bytes(trainer)
    }
    let first = try model(seed: 7)
    #expect(try model(seed: 7) == first)
    #expect(try model(seed: 7, threads: 2) == first)
    #expect(try model(seed: 8) != first)
  }

  @Test("Stopped after any epoch, training goes on as if nothing had happened")
  func stoppedAnywhereItGoesOnAsIfNothingHadHappened() throws {
    var checkpoints: [[UInt8]] = [tiny.trainer().checkpoint().serialised()]
    let whole = tiny.trainer()
    var losses: [Double] = []
    try whole.run { progress in
      checkpoints.append(whole.checkpoint().serialised())
      losses.append(progress.loss)
    }
    let expected = try TinyTraining.bytes(whole)
    #expect(checkpoints.count == 5 && Set(checkpoints.map { ModelFile.sha256(of: $0) }).count == 5)
    for (epoch, bytes) in checkpoints.enumerated() {
      // Another seed: all that it decides must come from the checkpoint.
      let resumed = tiny.trainer(seed: 99)
      try resumed.restore(Safetensors(parsing: bytes))
      var rest: [Double] = []
      try resumed.run { rest.append($0.loss) }
      #expect(rest == Array(losses[epoch...]), "from epoch \(epoch)")
      #expect(try TinyTraining.bytes(resumed) == expected, "from epoch \(epoch)")
    }
  }

  @Test("Training stops where its caller throws, and goes on from there to the same model")
  func theCallerCanStopIt() throws {
    struct Stop: Error {}
    let trainer = tiny.trainer()
    var epochs: [Int] = []
    #expect(throws: Stop.self) {
      try trainer.run { progress in
        epochs.append(progress.epoch)
        if progress.epoch == 2 { throw Stop() }
      }
    }
    try trainer.run { epochs.append($0.epoch) }
    #expect(epochs == [1, 2, 3, 4])
    let whole = tiny.trainer()
    try whole.run { _ in }
    #expect(try TinyTraining.bytes(trainer) == TinyTraining.bytes(whole))
  }

  @Test("Training brings the loss down to a fifth and gets nine in ten of its recordings right")
  func itLearns() throws {
    var recipe = Recipe(name: "learns", purpose: "tests")
    recipe.architecture = TestModels.narrow(.relu)
    recipe.windowFrames = TinyTraining.frames
    recipe.epochs = 25
    recipe.batchSize = 8
    recipe.dropout = 0
    recipe.schedule = .constant(3e-3)
    let trainer = tiny.trainer(recipe)
    var losses: [Double] = []
    try trainer.run { losses.append($0.loss) }
    #expect(losses[0] > 0.5 && losses[24] < 0.2 * losses[0], "\(losses)")
    let model = try trainer.model(name: "tiny", provenance: TinyTraining.provenance)
    let decisions = try model.decisions(on: tiny.data)
    #expect(decisions.matrix(7).weightedAccuracy > 0.9)
  }

  @Test(
    "A loss that is no number stops the training at its epoch, and the learning rate is blamed",
    arguments: [Float(1e30), .infinity, .nan])
  func aLossThatIsNoNumberStopsIt(rate: Float) throws {
    var recipe = TinyTraining.recipe
    recipe.schedule = .constant(rate)
    recipe.gradientNorm = nil
    let trainer = tiny.trainer(recipe)
    var epochs = 0
    let error = thrown(TrainingError.self) { try trainer.run { _ in epochs += 1 } }
    #expect(error?.problem.contains("the loss became") == true && error?.problem.contains("epoch 1") == true)
    #expect(error?.advice.contains("learning rate") == true && epochs == 0)
  }

  @Test("A checkpoint of another network or with damaged values is refused and changes nothing")
  func checkpointsOfOtherTrainingsAreRefused() throws {
    let checkpoint = tiny.trainer().checkpoint()
    var wide = TinyTraining.recipe
    wide.architecture = TestModels.narrow(.relu)
    #expect(throws: ModelFileError.self) { try tiny.trainer(wide).restore(checkpoint) }
    for (key, value) in [("epoch", "5"), ("epoch", "-1"), ("epoch", "x"), ("steps", ""), ("generators", "[]")] {
      var damaged = checkpoint
      damaged.metadata[key] = value
      #expect(throws: TrainingError.self, "\(key) \(value)") { try tiny.trainer().restore(damaged) }
    }
    #expect(throws: TrainingError.self) { try tiny.trainer().restore(Safetensors()) }
    let trainer = tiny.trainer()
    let before = try TinyTraining.bytes(trainer)
    #expect(throws: TrainingError.self) { try trainer.restore(Safetensors()) }
    #expect(try TinyTraining.bytes(trainer) == before, "a refused checkpoint changes nothing")
  }
}
