import SerdCorpora
import SerdTestKit
import SerdTraining
import Testing

/// What each protocol promises: which speakers and sentences may be known, and what may choose the epoch.
@Suite struct ProtocolTests {
  /// Every speaker says every sentence in both emotions, as in EMO-DB.
  static func corpus(speakers: Int = 10, texts: Int = 10) -> Corpus {
    let recordings = (0..<speakers).flatMap { speaker in
      (0..<texts).flatMap { text in
        (0..<2).map { label in
          Recording(
            path: "\(speaker)/\(text)/\(label)", label: label, speaker: "s\(speaker / 10)\(speaker % 10)",
            text: "t\(text)")
        }
      }
    }
    return Corpus(name: "made", labels: ["a", "b"], recordings: recordings, leftOut: [], terms: "")
  }

  static func folds(_ name: String, _ corpus: Corpus = corpus()) throws -> [Fold] {
    let evaluation = try #require(EvaluationProtocol(name: name))
    #expect(evaluation.name == name)
    try evaluation.check(corpus)
    return evaluation.folds(of: corpus)
  }

  static func speakers(_ indices: [Int], _ corpus: Corpus = corpus()) -> Set<String> {
    Set(indices.map { corpus.recordings[$0].speaker })
  }
  static func texts(_ indices: [Int], _ corpus: Corpus = corpus()) -> Set<String> {
    Set(indices.map { corpus.recordings[$0].text })
  }

  @Test(
    "No speaker who is tested was trained on or chose the epoch",
    arguments: ["loso", "loso-adapted", "loso-val", "loso-text", "holdout", "groups-3", "groups-of-3"])
  func testSpeakersAreNeverSeenBefore(name: String) throws {
    #expect(EvaluationProtocol(name: name)?.isLeaky == false)
    for fold in try Self.folds(name) {
      #expect(!fold.train.isEmpty && !fold.test.isEmpty)
      #expect(Self.speakers(fold.test).isDisjoint(with: Self.speakers(fold.train + fold.choosing)), "\(fold.name)")
      #expect(Set(fold.choosing).isDisjoint(with: fold.train + fold.test))
    }
  }

  @Test(
    "Every recording is tested once, in as many folds as the protocol says",
    arguments: ["paper", "loso", "loso-val", "loso-text", "groups-4", "groups-of-3"])
  func everyRecordingIsTestedOnce(name: String) throws {
    let folds = try Self.folds(name)
    #expect(folds.flatMap(\.test).sorted() == Array(Self.corpus().recordings.indices))
    #expect(Set(folds.map(\.name)).count == folds.count)
    let counts = ["paper": 10, "loso": 10, "loso-val": 10, "loso-text": 50, "groups-4": 4, "groups-of-3": 4]
    #expect(folds.count == counts[name])
  }

  @Test("Under paper the test fold shares speakers with training and chooses the epoch, and is called leaky")
  func onlyPaperSharesSpeakersAndChoosesOnTheTestFold() throws {
    for name in ["paper", "paper-80-20"] {
      let evaluation = try #require(EvaluationProtocol(name: name))
      #expect(evaluation.isLeaky && evaluation.caveat.contains("LEAKY"))
      for fold in try Self.folds(name) {
        #expect(Set(fold.test).isDisjoint(with: fold.train) && fold.choosing == fold.test)
        #expect(fold.train.count + fold.test.count == 200 && fold.test.count == (name == "paper" ? 20 : 40))
        #expect(!Self.speakers(fold.test).isDisjoint(with: Self.speakers(fold.train)), "that is what it is for")
      }
    }
    #expect(try Self.folds("paper-80-20").count == 1)
    #expect(try Self.folds("paper") == Self.folds("paper"), "the same splits for every seed and process")
  }

  @Test("Under loso-val another speaker chooses, each speaker once; under loso and others nobody does")
  func losoValChoosesOnAnotherSpeaker() throws {
    let folds = try Self.folds("loso-val")
    for fold in folds {
      let chooser = Self.speakers(fold.choosing)
      #expect(chooser.count == 1 && fold.choosing.count == 20 && fold.train.count == 160)
      #expect(chooser.isDisjoint(with: Self.speakers(fold.train + fold.test)))
    }
    #expect(Set(folds.map { Self.speakers($0.choosing) }).count == 10, "everybody chooses once")
    for name in ["loso", "loso-text", "holdout", "groups-3"] {
      #expect(try Self.folds(name).allSatisfy { $0.choosing.isEmpty })
    }
  }

  @Test(
    "Under loso-text the speakers and the sentences that are tested are left out of training", arguments: [2, 3, 5, 10])
  func losoTextLeavesOutSpeakerAndSentence(texts: Int) throws {
    let corpus = Self.corpus(speakers: 4, texts: texts)
    let folds = try Self.folds("loso-text", corpus)
    #expect(folds.count == 4 * min(5, texts))
    #expect(folds.flatMap(\.test).sorted() == Array(corpus.recordings.indices))
    for fold in folds {
      #expect(Self.texts(fold.test, corpus).isDisjoint(with: Self.texts(fold.train, corpus)))
      #expect(Self.speakers(fold.test, corpus).isDisjoint(with: Self.speakers(fold.train, corpus)))
    }
  }

  @Test("Under holdout a fifth of the speakers, at least one, is tested in a single fold")
  func holdoutIsAFifthOfTheSpeakers() throws {
    let folds = try Self.folds("holdout")
    #expect(folds.count == 1 && Self.speakers(folds[0].test).count == 2 && folds[0].train.count == 160)
    #expect(try Self.folds("holdout", Self.corpus(speakers: 2)).first?.test.count == 20)
  }

  /// RAVDESS: odd actors are men, even ones women.
  @Test("Groups of three make six folds of RAVDESS' eighteen actors, with both sexes in each")
  func groupsOfThreeAreSixFoldsOfEighteenActorsOfBothSexes() throws {
    let recordings = (1...18).map {
      Recording(path: "\($0)", label: $0 % 2, speaker: $0 < 10 ? "0\($0)" : "\($0)", text: "1")
    }
    let corpus = Corpus(name: "RAVDESS", labels: ["a", "b"], recordings: recordings, leftOut: [], terms: "")
    let folds = try Self.folds("groups-of-3", corpus)
    #expect(folds.map(\.name) == ["01+02+03", "04+05+06", "07+08+09", "10+11+12", "13+14+15", "16+17+18"])
    for fold in folds { #expect(Set(Self.speakers(fold.test, corpus).map { Int($0)! % 2 }).count == 2) }
  }

  @Test("A corpus with too few speakers or sentences for a protocol is refused with the reason")
  func corporaThatAProtocolCannotCutAreRefused() throws {
    let two = Self.corpus(speakers: 2)
    #expect(thrown(TrainingError.self) { try EvaluationProtocol.losoVal.check(two) } != nil)
    try EvaluationProtocol.losoText.check(two)
    #expect(thrown(TrainingError.self) { try EvaluationProtocol.losoText.check(Self.corpus(texts: 1)) } != nil)
    func problem(_ name: String, _ corpus: Corpus) -> String? {
      thrown(TrainingError.self) { try EvaluationProtocol(name: name)!.check(corpus) }?.problem
    }
    #expect(problem("groups-3", two)?.contains("2 speakers, fewer than groups-3") == true)
    #expect(problem("groups-of-2", two)?.contains("none is left to train on") == true)
    #expect(problem("groups-2", two) == nil && problem("groups-of-1", two) == nil)
    #expect(problem("loso", Self.corpus(speakers: 1))?.contains("one speaker") == true)
    #expect(problem("paper", Self.corpus(speakers: 1)) == nil, "it does not keep speakers apart")
    let silent = FoldTests.corpus(speakers: 4)
    let error = thrown(TrainingError.self) { try EvaluationProtocol.losoText.check(silent) }
    #expect(error?.problem.contains("which sentence") == true)
  }
}
