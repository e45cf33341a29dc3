import SerdCorpora
import SerdLearning
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// Trainings that learn from corpora beside their own: what is tested, and what a model has of them.
@Suite struct BesideTrainingTests {
  private static func corpus(_ name: String, labels: [String], speakers: Int) -> Corpus {
    let recordings = (0..<speakers).flatMap { speaker in
      labels.indices.map { label in
        Recording(path: "\(name)/\(speaker)/\(label)", label: label, speaker: "\(speaker)", text: "t\(label)")
      }
    }
    return Corpus(name: name, labels: labels, recordings: recordings, leftOut: [], terms: "terms of \(name)")
  }

  private static let own = corpus("OWN", labels: ["anger", "boredom", "sadness"], speakers: 4)
  // Sorts before OWN by path, and must come after it all the same.
  private static let other = corpus("A", labels: ["calm", "anger"], speakers: 5)
  private static let third = corpus("B", labels: ["joy"], speakers: 2)

  @Test(
    "Only the corpus's own speakers are tested or choose; the one beside it is always trained on",
    arguments: ["loso", "loso-val", "loso-text", "holdout", "groups-2", "groups-of-3", "paper", "paper-80-20"])
  func onlyOwnSpeakersAreTestedOrChoose(name: String) throws {
    let both = try Self.own.trained(beside: [Self.other])
    let evaluation = try #require(EvaluationProtocol(name: name))
    try evaluation.check(both)
    let (folds, alone) = (evaluation.folds(of: both), evaluation.folds(of: Self.own))
    // What is tested is what is tested without the other corpus, and all of that one is trained on.
    #expect(folds.map(\.name) == alone.map(\.name) && folds.map(\.test) == alone.map(\.test))
    #expect(folds.map(\.choosing) == alone.map(\.choosing))
    for (fold, without) in zip(folds, alone) { #expect(fold.train == without.train + Array(12..<22)) }
  }

  @Test("A protocol that tests all corpora refuses one beside, and says to join it")
  func aProtocolThatTestsAllCorporaRefuses() throws {
    let both = try Self.own.trained(beside: [Self.other])
    let error = thrown(TrainingError.self) { try EvaluationProtocol.cross(2).check(both) }
    #expect(error?.advice == "join it instead")
  }

  @Test("A sample teaches the outputs of its own corpus, as if there were no others")
  func aSampleTeachesTheLayerOfItsCorpus() throws {
    let heads = CorpusHeads(of: try Self.own.trained(beside: [Self.other, Self.third]))
    #expect(heads.ranges == [0..<3, 3..<5, 5..<6] && heads.classes == 6 && heads.range(of: 4) == 3..<5)
    let logits: [Float] = [1, 2, 3, 4, 5, 6, 3, 1, 2, 6, 5, 4]
    let targets: [Float] = [0.9, 0.05, 0.05, 0, 0, 0, 0, 0, 0, 0.2, 0.8, 0]
    let zeros = [Float](repeating: 0, count: 3)
    var masked = logits
    let asked = targets.map { $0 > 0 ? Float(1) : 0 }
    heads.mask(&masked, asked: asked)
    for loss in [Loss.crossEntropy, .focal(gamma: 2)] {
      let value = loss.evaluate(logits: masked, targets: targets, classes: 6)
      // As if there were no other outputs.
      let first = loss.evaluate(logits: [1, 2, 3], targets: [0.9, 0.05, 0.05], classes: 3)
      let second = loss.evaluate(logits: [6, 5], targets: [0.2, 0.8], classes: 2)
      #expect(abs(value.loss - (first.loss + second.loss) / 2) < 1e-9)
      var expected = first.logitGradients.map { $0 / 2 } + zeros + zeros
      expected += second.logitGradients.map { $0 / 2 } + [0]
      #expect(value.logitGradients == expected)
    }
    #expect(heads.own(of: logits) == [1, 2, 3, 3, 1, 2])
    #expect(heads.indifference == Array(repeating: Float(1) / 3, count: 3) + zeros)
    #expect(heads.ownOutputs == [1, 1, 1] + zeros)
  }

  /// Real trainings, of milliseconds.
  private struct Trained {
    let tiny, beside: TinyTraining
    let corpus: Corpus
    let data: TrainingData

    init() throws {
      tiny = try TinyTraining(speakers: ["03", "08"])
      beside = try TinyTraining(speakers: ["09", "10", "11"])
      let other = Corpus(
        name: "OTHER", labels: beside.corpus.labels, recordings: beside.corpus.recordings, leftOut: [], terms: "none")
      corpus = try tiny.corpus.trained(beside: [other])
      data = TrainingData(
        corpus: corpus, features: try FeatureSet(of: corpus, settings: TinyTraining.recipe.features))
    }

    func trainer(choosing: [Int] = []) -> Trainer {
      var recipe = TinyTraining.recipe
      recipe.logitAdjustment = 0.5
      return Trainer(recipe: recipe, data: data, choosing: data.at(choosing), seed: 5, threads: 1)
    }
  }

  @Test("A model has only its own corpus's labels, but a body that learned from all")
  func aModelHasItsOwnLabelsOnlyAndLearnedFromAll() throws {
    let trained = try Trained()
    let trainer = trained.trainer()
    try trainer.run { _ in }
    let model = try trainer.model(name: "own", provenance: TinyTraining.provenance)
    #expect(model.description.labels == trained.tiny.corpus.labels)
    #expect(model.tensors["head.bias"]?.shape == [7] && model.tensors["head.weight"]?.shape[0] == 7)
    // The same seed without them gives another body.
    var recipe = TinyTraining.recipe
    recipe.logitAdjustment = 0.5
    let own = trained.data.at(Array(trained.corpus.own))
    let alone = Trainer(recipe: recipe, data: own, seed: 5, threads: 1)
    try alone.run { _ in }
    let other = try alone.model(name: "own", provenance: TinyTraining.provenance)
    let isOther = model.tensors["body1.conv.weight"] != other.tensors["body1.conv.weight"]
    #expect(isOther)
    let decisions = try model.decisions(on: own)
    #expect(decisions.allSatisfy { $0.probabilities.count == 7 })
  }

  @Test("Training with a corpus beside goes on after a stop, to the same chosen model")
  func stoppedItGoesOnAndChoosesByItsOwn() throws {
    let trained = try Trained()
    let whole = trained.trainer(choosing: [0, 3, 5])
    var checkpoint: Safetensors?
    try whole.run { progress in
      #expect(progress.validation?.crossEntropy.isFinite == true)
      if progress.epoch == 2 { checkpoint = whole.checkpoint() }
    }
    let resumed = trained.trainer(choosing: [0, 3, 5])
    try resumed.restore(try #require(checkpoint))
    try resumed.run { _ in }
    let isSame = try TinyTraining.bytes(resumed) == TinyTraining.bytes(whole)
    #expect(isSame)
  }
}
