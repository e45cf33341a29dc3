import SerdCorpora
import SerdFeatures
import SerdLearning
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// Training and evaluation of models that follow their speaker (protocol `loso-adapted`).
@Suite struct AdaptationTests {
  private static let recipe: Recipe = {
    var recipe = TinyTraining.recipe
    recipe.frontEnd.adaptation = SpeakerAdaptation()
    recipe.augmentation.oneEmotionShare = 0.5
    return recipe
  }()

  @Test("A recipe that follows the speaker is tested only where its figures say so")
  func figuresOfAdaptedModelsAlwaysSaySo() throws {
    for name in ["paper", "paper-80-20", "loso", "loso-val", "loso-text", "holdout"] {
      let evaluation = try #require(EvaluationProtocol(name: name))
      #expect(
        "\(try #require(thrown(TrainingError.self) { try evaluation.check(Recipe.adapted) }))".contains("loso-adapted"))
      try evaluation.check(Recipe.robust)
    }
    #expect(thrown(TrainingError.self) { try EvaluationProtocol.losoAdapted.check(Recipe.robust) } != nil)
    try EvaluationProtocol.losoAdapted.check(Recipe.adapted)
    #expect(EvaluationProtocol.losoAdapted.caveat.contains("without labels"))
    // Groups choose such recipes, and say it, as their name does not.
    try EvaluationProtocol.groups(3).check(Recipe.adapted)
    func experiment(_ name: String, _ recipe: Recipe) -> Experiment {
      Experiment(corpus: "EMO-DB", testedBy: .folds(EvaluationProtocol(name: name)!), recipe: recipe)
    }
    #expect(experiment("groups-3", .adapted).printedProtocol == "groups-3 (following the speaker)")
    #expect(experiment("groups-3", .adapted).caveat.contains("without labels"))
    #expect(experiment("groups-3", .robust).printedProtocol == "groups-3")
    #expect(experiment("loso-adapted", .adapted).printedProtocol == "loso-adapted")
    let order = ", in the order of the recordings' names"
    #expect(experiment("loso-adapted", .adapted).caveat == EvaluationProtocol.losoAdapted.caveat + order)
    // Of several corpora names tell more.
    #expect(experiment("loco-adapted", .adapted).caveat.hasSuffix(", in an order drawn at random"))
    let corpus = ProtocolTests.corpus()
    #expect(EvaluationProtocol.losoAdapted.folds(of: corpus) == EvaluationProtocol.loso.folds(of: corpus))
  }

  private func sampling(
    _ tiny: TinyTraining, _ recordings: [Int], corpus: Corpus? = nil, oneEmotionShare: Double = 0
  ) -> SpeakerSampling {
    let data = TrainingData(corpus: corpus ?? tiny.corpus, features: tiny.features).at(recordings)
    return SpeakerSampling(
      data: data, prior: data.standardisation, adaptation: SpeakerAdaptation(), oneEmotionShare: oneEmotionShare)
  }

  /// The corpus with other labels.
  private func relabelled(_ corpus: Corpus, _ label: (Int, Recording) -> Int) -> Corpus {
    let recordings = corpus.recordings.enumerated().map { index, recording in
      Recording(
        path: recording.path, label: label(index, recording), speaker: recording.speaker, text: recording.text)
    }
    return Corpus(name: corpus.name, labels: corpus.labels, recordings: recordings, leftOut: [], terms: corpus.terms)
  }

  /// Of a speaker, between one recording and all; never of another one, and never of what is not trained on.
  @Test("A sample is standardised by training recordings of its own speaker, by few and by many")
  func samplesAreOfTheSpeakersTrainingRecordings() throws {
    let tiny = try TinyTraining()
    let corpus = tiny.corpus
    let own = corpus.recordings.indices.filter { corpus.recordings[$0].speaker == "03" }
    let others = corpus.recordings.indices.filter { corpus.recordings[$0].speaker != "03" }
    func draws(_ recordings: [Int]) -> [Standardisation] {
      var generator = SeededGenerator(seed: 3)
      let sampling = sampling(tiny, recordings)
      return (0..<50).map { _ in sampling.standardisation(recording: own[0], version: 0, generator: &generator) }
    }
    let all = draws(own + others)
    #expect(Set(all.map(\.mean)).count > 3, "little and much of what is known")
    #expect(all.allSatisfy { $0.mean.allSatisfy(\.isFinite) && $0.reciprocalDeviation.allSatisfy { $0 > 0 } })
    // With one recording of the speaker there is one statistic; the others only make the prior.
    let single = draws([own[0]] + others)
    #expect(Set(single.map(\.mean)).count == 1)
  }

  /// With one recording of each emotion nothing else is drawn.
  @Test("The recordings drawn beside a sample are of one emotion as often as the recipe says")
  func othersCanBeOfOneEmotion() throws {
    let tiny = try TinyTraining()
    let all = Array(tiny.corpus.recordings.indices)
    let own = all.filter { tiny.corpus.recordings[$0].speaker == "03" }
    func means(_ share: Double, _ label: @escaping (Int) -> Int) -> Set<[Float]> {
      var generator = SeededGenerator(seed: 3)
      let sampling = sampling(
        tiny, all, corpus: relabelled(tiny.corpus) { index, _ in label(index) }, oneEmotionShare: share)
      return Set(
        (0..<50).map { _ in
          sampling.standardisation(recording: own[0], version: 0, generator: &generator).mean
        })
    }
    #expect(means(1) { own.firstIndex(of: $0) ?? 0 }.count == 1)
    #expect(means(0.5) { own.firstIndex(of: $0) ?? 0 }.count > 3)
    // Three of another emotion: the recording by itself, or with one of them.
    #expect((2...4).contains(means(1) { $0 == own[0] ? 0 : 1 }.count))
  }

  @Test("Training that follows the speaker goes on from a checkpoint to the same model")
  func trainingIsReproducibleAndGoesOnFromACheckpoint() throws {
    let tiny = try TinyTraining()
    func bytes(stoppingAfter epoch: Int?) throws -> [UInt8] {
      struct Stop: Error {}
      var trainer = tiny.trainer(Self.recipe)
      if let epoch {
        let stopped = thrown(Stop.self) { try trainer.run { if $0.epoch == epoch { throw Stop() } } }
        #expect(stopped != nil)
        let checkpoint = trainer.checkpoint()
        trainer = tiny.trainer(Self.recipe)
        try trainer.restore(checkpoint)
      }
      try trainer.run { _ in }
      return try TinyTraining.bytes(trainer)
    }
    let whole = try bytes(stoppingAfter: nil)
    #expect(try bytes(stoppingAfter: 2) == whole)
    let plain = tiny.trainer()
    try plain.run { _ in }
    #expect(try TinyTraining.bytes(plain) != whole, "it is another training")
  }

  /// As recorded, robustness gives what the run counted: it follows the speaker, too, anew under every condition.
  @Test("Robustness follows the speaker anew under every condition; as recorded it gives what the run counted")
  func robustnessFollowsTheSpeaker() throws {
    let tiny = try TinyTraining()
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    var recipe = Self.recipe
    recipe.epochs = 1
    let folds = Array(EvaluationProtocol.losoAdapted.folds(of: tiny.corpus).prefix(1))
    let results = try tiny.crossValidation(path, recipe: recipe, folds: folds).run { _ in }
    let robustness = try Robustness(of: RunFolder(reading: path), corpus: tiny.corpus) { _ in }
    #expect(robustness.trials[0].decisions == results.flatMap(\.int8))
    #expect(robustness.trials[1].decisions != robustness.trials[0].decisions)
    #expect(robustness.trials.map(\.condition).suffix(3) == Robustness.orders.map(\.name)[...])
    #expect(robustness.trials.allSatisfy { $0.decisions.count == folds[0].test.count })
    try ordersDecideWhatIsHeardBefore(tiny.corpus, model: path + "/seed-1/fold-03/int8.safetensors")
  }

  /// Two recordings of one emotion are heard one after the other; if the second had another label it would come first,
  /// or by itself.
  private func ordersDecideWhatIsHeardBefore(_ corpus: Corpus, model path: String) throws {
    let model = try QuantisedModel(parsing: ModelFile.bytes(path: path))
    let two = corpus.recordings.indices.filter {
      corpus.recordings[$0].speaker == "03" && corpus.recordings[$0].label == 4
    }
    #expect(two.count == 2)
    let relabelled = relabelled(corpus) { index, recording in index == two[1] ? 0 : recording.label }
    func inTurn(_ recordings: [Int]) throws -> [[Float]] {
      try model.decisionsOfPipeline(on: recordings.map { corpus.recordings[$0] }).map(\.probabilities)
    }
    func ordered(_ order: Robustness.HearingOrder, _ corpus: Corpus) throws -> [[Float]] {
      try order.decisions(of: model, on: two.map { corpus.recordings[$0] }).map(\.probabilities)
    }
    let (first, second) = (try inTurn([two[0]]), try inTurn([two[1]]))
    #expect(try inTurn(two) != first + second)
    #expect(try ordered(.alone, corpus) == first + second)
    for order in [Robustness.HearingOrder.byEmotion, .oneEmotion] {
      #expect(try ordered(order, corpus) == inTurn(two))
    }
    #expect(try ordered(.byEmotion, relabelled) == inTurn(two.reversed()))
    #expect(try ordered(.oneEmotion, relabelled) == second + first)
  }

  /// What the float network sees of a speaker's recordings: each by what came before, whatever comes after and whoever
  /// speaks between.
  @Test("A recording is tested by what its speaker said before, not by what comes later or from others")
  func evaluationIsCausalAndKnowsSpeakersApart() throws {
    let tiny = try TinyTraining()
    var frontEnd = Self.recipe.frontEnd
    let all = Array(tiny.corpus.recordings.indices)
    frontEnd.standardisation = tiny.data.standardisation
    let size = tiny.features.windowSize
    func windows(_ recordings: [Int]) -> [[Float]] {
      let values = tiny.data.at(recordings).scaledWindows(for: frontEnd)
      return recordings.indices.map { Array(values[$0 * size..<($0 + 1) * size]) }
    }
    let speakers = tiny.corpus.speakers.map { speaker in all.filter { tiny.corpus.recordings[$0].speaker == speaker } }
    let first = windows(speakers[0])
    #expect(windows(Array(speakers[0].prefix(2))) == Array(first.prefix(2)), "what comes later does not matter")
    let mixed = zip(speakers[0], speakers[1]).flatMap { [$0, $1] }
    #expect(stride(from: 0, to: mixed.count, by: 2).map { windows(mixed)[$0] } == first, "nor who speaks between")
    #expect(windows([speakers[0][3]])[0] != first[3], "what came before does")
  }
}
