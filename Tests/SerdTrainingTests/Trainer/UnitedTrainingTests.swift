import SerdCorpora
import SerdLearning
import SerdTestKit
import Testing

import SerdTraining

/// Training on corpora of which some lack labels.
@Suite struct UnitedTrainingTests {
  private static func corpus(
    _ name: String, _ labels: [String], speakers: Int = 1, recognition: Float? = nil, votes: [Float]? = nil
  )
    -> Corpus
  {
    let recordings = (0..<speakers).flatMap { speaker in
      labels.indices.map { label in
        Recording(
          path: "\(name)/\(speaker)/\(labels[label])", label: label, speaker: "\(speaker)", text: "",
          recognition: recognition, votes: votes)
      }
    }
    return Corpus(name: name, labels: labels, recordings: recordings, leftOut: [], terms: "")
  }

  private static func united(votes: [Float]? = nil) throws -> Corpus {
    try Corpus.united(
      [
        corpus("ONE", ["anger", "boredom", "neutral"], votes: votes), corpus("TWO", ["anger", "neutral"], speakers: 2),
      ],
      labels: LabelChoice("anger,boredom,neutral"))
  }

  @Test("A recording is asked about the labels that its corpus has, and about no other")
  func aRecordingIsAskedAboutItsCorpusLabels() throws {
    let corpus = try Self.united()
    let targets = TargetDistributions(corpus: corpus, labelSmoothing: 0.2, listenerDoubt: 0)
    for recording in corpus.recordings {
      let lacksBoredom = recording.corpus == "TWO"
      #expect(targets.asked(recording) == (lacksBoredom ? [1, 0, 1] : [1, 1, 1]))
      let values = targets.of(recording)
      #expect(abs(values.reduce(0, +) - 1) < 1e-6 && (values[1] == 0) == lacksBoredom)
      #expect(abs(values[recording.label] - (lacksBoredom ? 0.9 : 0.8 + 0.2 / 3)) < 1e-6)
    }
  }

  @Test("A label that was not asked about has no gradient")
  func aLabelThatWasNotAskedHasNoGradient() throws {
    let corpus = try Self.united()
    let targets = TargetDistributions(corpus: corpus, labelSmoothing: 0, listenerDoubt: 0)
    let recording = try #require(corpus.recordings.first { $0.corpus == "TWO" && $0.label == 0 })
    var logits: [Float] = [1, 5, 2]
    targets.heads.mask(&logits, asked: targets.asked(recording))
    let value = Loss.crossEntropy.evaluate(logits: logits, targets: targets.of(recording), classes: 3)
    let without = Loss.crossEntropy.evaluate(logits: [1, 2], targets: [1, 0], classes: 2)
    #expect(value.logitGradients == [without.logitGradients[0], 0, without.logitGradients[1]])
  }

  @Test("Of the target, the listeners' votes have the share that the recipe gives them")
  func votesHaveTheirShare() throws {
    let corpus = try Self.united(votes: [0.5, 0.1, 0.4])
    let targets = TargetDistributions(corpus: corpus, labelSmoothing: 0, listenerDoubt: 0.5)
    let recording = try #require(corpus.recordings.first { $0.corpus == "ONE" && $0.label == 2 })
    #expect(zip(targets.of(recording), [0.25, 0.05, 0.7] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
    let silent = try #require(corpus.recordings.first { $0.corpus == "TWO" })
    #expect(targets.of(silent) == [1, 0, 0], "without votes it is the label alone")
  }

  @Test("Corpora, their labels and the speakers of these come alike often, and an epoch is as long as it is told")
  func corporaComeAlikeOften() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write("a.wav", WAVFile.float(SyntheticCorpus.voice(pitch: 120, rate: 9, seconds: 0.4)))
    func recordings(_ count: Int, label: Int, speaker: String) -> [Recording] {
      (0..<count).map {
        Recording(path: path, label: label, speaker: speaker, text: "", name: "\(label)\(speaker)\($0)")
      }
    }
    let large = Corpus(
      name: "LARGE", labels: ["anger", "neutral"],
      recordings: recordings(30, label: 0, speaker: "a") + recordings(5, label: 0, speaker: "b")
        + recordings(5, label: 1, speaker: "a"), leftOut: [], terms: "")
    let small = Corpus(
      name: "SMALL", labels: ["anger"], recordings: recordings(2, label: 0, speaker: "a"), leftOut: [], terms: "")
    let corpus = try Corpus.united([large, small], labels: LabelChoice("anger,neutral"))
    var recipe = TinyTraining.recipe
    recipe.versions = .none
    recipe.balancesCorpora = true
    recipe.epochRecordings = 4000
    let data = TrainingData(corpus: corpus, features: try FeatureSet(of: corpus, settings: recipe.features))
    let sampling = recipe.sampling(of: data, labels: data.recordings.map(\.label), classes: 2)
    var generator = SeededGenerator(seed: 1)
    let drawn = sampling.order(&generator).map { corpus.recordings[$0] }
    #expect(drawn.count == 4000)
    func share(_ isCounted: (Recording) -> Bool) -> Double { Double(drawn.count(where: isCounted)) / 4000 }
    #expect(abs(share { $0.corpus == "SMALL" } - 0.5) < 0.03)
    #expect(abs(share { $0.corpus == "LARGE" && $0.label == 1 } - 0.25) < 0.03)
    #expect(abs(share { $0.speaker == "LARGE:b" } - 0.125) < 0.03)
  }

  @Test("Leaving one corpus out tests all of it, and trains on nothing of it")
  func leavingOneCorpusOut() throws {
    let corpus = try Self.united()
    let loco = try #require(EvaluationProtocol(name: "loco"))
    try loco.check(corpus)
    let folds = loco.folds(of: corpus)
    #expect(folds.map(\.name) == ["ONE", "TWO"] && folds.map(\.trainedOn) == [["TWO"], ["ONE"]])
    for fold in folds {
      #expect(Set(fold.test.map { corpus.recordings[$0].corpus }) == [fold.name])
      #expect(!fold.train.contains { corpus.recordings[$0].corpus == fold.name })
      #expect(fold.train.count + fold.test.count == corpus.recordings.count)
    }
    let alone = thrown(TrainingError.self) { try loco.check(Self.corpus("ONE", ["anger", "fear"], speakers: 3)) }
    #expect(alone?.description == "loco needs several corpora, and ONE is one; add others with --also")
  }
}
