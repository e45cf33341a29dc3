import SerdTestKit
import SerdTraining
import Testing

/// Joint corpora, and the protocol that tests across them.
@Suite struct CrossCorpusTests {
  private static func corpus(_ name: String, labels: [String], speakers: Int) -> Corpus {
    let recordings = (0..<speakers).flatMap { speaker in
      labels.indices.map { label in
        Recording(path: "\(name)/\(speaker)/\(label)", label: label, speaker: "\(speaker)", text: label == 0 ? "t" : "")
      }
    }
    return Corpus(name: name, labels: labels, recordings: recordings, leftOut: [], terms: "terms of \(name)")
  }

  private static let one = corpus("ONE", labels: ["anger", "boredom", "fear", "sadness"], speakers: 4)
  private static let two = corpus("TWO", labels: ["sadness", "calm", "anger", "fear"], speakers: 6)

  @Test("Joined corpora keep the labels that all have, and name the recordings of the others")
  func sharedLabelsRemainAndTheRestIsNamed() throws {
    let joint = try Corpus.joined([Self.one, Self.two])
    #expect(joint.name == "ONE + TWO" && joint.parts == ["ONE", "TWO"])
    #expect(joint.labels == ["anger", "fear", "sadness"] && joint.terms == "terms of ONE; terms of TWO")
    #expect(joint.recordings.count == 30 && joint.leftOut.count == 10)
    #expect(joint.leftOut.contains { $0.path == "ONE/0/1" && $0.reason.contains("boredom") })
    for recording in joint.recordings {
      let own = recording.path.hasPrefix("ONE") ? Self.one : Self.two
      let original = try #require(own.recordings.first { $0.path == recording.path })
      #expect(joint.labels[recording.label] == own.labels[original.label])
      #expect(recording.speaker == "\(own.name):\(original.speaker)")
      #expect(recording.text == (original.text.isEmpty ? "" : "\(own.name):t"))
    }
  }

  @Test("A corpus joined with itself is refused, and so are corpora with one label in common")
  func whatCannotBeJoinedIsRefused() {
    #expect(thrown(TrainingError.self) { try Corpus.joined([Self.one, Self.one]) } != nil)
    let strange = Self.corpus("THREE", labels: ["anger", "joy"], speakers: 2)
    let error = thrown(TrainingError.self) { try Corpus.joined([Self.one, strange]) }
    #expect(error?.problem == "ONE and THREE have 1 labels in common")
  }

  @Test("Across corpora, every model is tested on strangers of every corpus")
  func everyModelIsAskedAboutStrangersOfEveryCorpus() throws {
    let joint = try Corpus.joined([Self.one, Self.two])
    let evaluation = try #require(EvaluationProtocol(name: "cross-2"))
    #expect(evaluation.name == "cross-2" && !evaluation.isLeaky)
    try evaluation.check(joint)
    let folds = evaluation.folds(of: joint)
    #expect(
      folds.map(\.name) == [
        "ONE, group 1", "ONE, group 2", "TWO, group 1", "TWO, group 2", "ONE + TWO, group 1", "ONE + TWO, group 2",
      ])
    for fold in folds {
      let trained = Set(fold.train.map { joint.recordings[$0].speaker })
      let tested = Set(fold.test.map { joint.recordings[$0].speaker })
      #expect(trained.isDisjoint(with: tested) && !trained.isEmpty)
      #expect(tested.filter { $0.hasPrefix("ONE:") }.count == 2 && tested.filter { $0.hasPrefix("TWO:") }.count == 3)
      #expect(trained.contains { $0.hasPrefix("ONE:") } == fold.name.hasPrefix("ONE"))
      #expect(trained.contains { $0.hasPrefix("TWO:") } == fold.name.contains("TWO"))
    }
    #expect(thrown(TrainingError.self) { try evaluation.check(Self.one) }?.problem.contains("several corpora") == true)
    let five = try #require(EvaluationProtocol(name: "cross-5"))
    #expect(thrown(TrainingError.self) { try five.check(joint) }?.problem == "ONE has fewer than 5 speakers")
  }

  /// Robustness is of the models that the headline is of, not of those of a single corpus too.
  @Test("Across corpora, robustness is that of the models trained on all of them")
  func disturbancesAreTriedOnTheModelsOfAllCorpora() throws {
    let (first, second) = (try TinyTraining(speakers: ["03", "08"]), try TinyTraining(speakers: ["09", "10"]))
    let other = Corpus(
      name: "TWO", labels: second.corpus.labels, recordings: second.corpus.recordings, leftOut: [], terms: "")
    let joint = try Corpus.joined([first.corpus, other])
    var recipe = TinyTraining.recipe
    recipe.epochs = 1
    let scratch = try ScratchFolder()
    let experiment = Experiment(corpus: joint, evaluationProtocol: "cross-2", recipe: recipe)
    let run = CrossValidation(
      experiment: experiment, corpus: joint,
      features: try FeatureSet(
        corpus: joint, frontEnd: recipe.frontEnd, frames: TinyTraining.frames, versions: recipe.versions, seed: 1),
      folder: try RunFolder(path: scratch.path, experiment: experiment), seeds: [1],
      folds: EvaluationProtocol.cross(2).folds(of: joint), jobs: 2, provenance: TinyTraining.provenance)
    let results = try run.run { _ in }
    let robustness = try Robustness(runFolder: scratch.path, corpus: joint) { _ in }
    #expect(robustness.trials[0].decisions == results.suffix(2).flatMap(\.int8))
    #expect(robustness.trials[0].decisions.count == joint.recordings.count && robustness.unfinished.isEmpty)
  }

  /// Two models: one right about its own corpus and always "anger" about the other, one of both that is always right.
  @Test("The table across corpora pairs what was trained on with what was tested on")
  func theMatrixIsOfTheRightDecisions() throws {
    let labels = ["anger", "fear", "sadness"]
    func decisions(_ part: String, right: Bool) -> [Decision] {
      labels.indices.map { label in
        var probabilities: [Float] = [0.05, 0.05, 0.05]
        probabilities[right ? label : 0] = 0.9
        return Decision(recording: "\(label)", speaker: "\(part):1", truth: label, probabilities: probabilities)
      }
    }
    func result(_ fold: String, _ one: Bool, _ two: Bool) -> FoldResult {
      let all = decisions("ONE", right: one) + decisions("TWO", right: two)
      return FoldResult(fold: fold, seed: 1, float: all, int8: all, trainingSeconds: 0)
    }
    let results = [
      result("ONE, group 1", true, false), result("TWO, group 1", false, true),
      result("ONE + TWO, group 1", true, true),
    ]
    let experiment = Experiment(corpus: "ONE + TWO", evaluationProtocol: "cross-2", recipe: .plain)
    let text = ResultTable(experiment: experiment, labels: labels, results: results).markdown
    #expect(text.contains("| int8, as serd runs it | 100.0"), "the headline is of the model of both")
    #expect(text.contains("| emotion, UA: trained on \\ tested on | ONE | TWO |"))
    #expect(text.contains("| ONE | 100.0 [100.0, 100.0] | 33.3 [33.3, 33.3] |"))
    #expect(text.contains("| TWO | 33.3 [33.3, 33.3] | 100.0 [100.0, 100.0] |"))
    // "anger" is aroused: of two aroused and one calm recording all are called aroused.
    #expect(text.contains("| ONE | 100.0 [100.0, 100.0] | 50.0 [50.0, 50.0] |"))
    #expect(text.contains("Aroused: anger, fear. Calm: sadness."))
    let entry = LedgerEntry(experiment: experiment, results: results, classes: 3, revision: "r")
    #expect(entry.int8UA == 1)
  }
}
