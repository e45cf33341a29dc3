import SerdCorpora
import SerdTraining
import Testing

@Suite struct FoldTests {
  /// Speaker s has s + 1 recordings.
  static func corpus(speakers: Int) -> Corpus {
    let recordings = (0..<speakers).flatMap { speaker in
      (0...speaker).map { Recording(path: "\(speaker)/\($0)", label: $0 % 2, speaker: "s\(speaker)", text: "") }
    }
    return Corpus(name: "made", labels: ["a", "b"], recordings: recordings, leftOut: [], terms: "")
  }

  @Test(
    "Folds keep speakers apart, test every recording once and bear the names of whom they test",
    arguments: ["loso", "groups-2", "groups-3", "groups-5", "groups-99"], [2, 5, 10])
  func speakersAreKeptApartAndAllAreTestedOnce(name: String, speakers: Int) throws {
    let corpus = Self.corpus(speakers: speakers)
    let evaluation = try #require(EvaluationProtocol(name: name))
    #expect(evaluation.name == name)
    let folds = evaluation.folds(of: corpus)
    #expect(folds.flatMap(\.test).sorted() == Array(corpus.recordings.indices))
    #expect(Set(folds.map(\.name)).count == folds.count)
    for fold in folds {
      func speakers(_ indices: [Int]) -> Set<String> { Set(indices.map { corpus.recordings[$0].speaker }) }
      #expect(speakers(fold.train).isDisjoint(with: speakers(fold.test)))
      #expect(
        Set(fold.train).union(fold.test) == Set(corpus.recordings.indices) && !fold.test.isEmpty && !fold.train.isEmpty)
      #expect(fold.name == speakers(fold.test).sorted().joined(separator: "+"))
    }
    let expected = name == "loso" ? speakers : min(speakers, Int(name.dropFirst(7))!)
    #expect(folds.count == expected)
  }

  @Test("Under loso one speaker after the other is left out")
  func losoLeavesOneSpeakerOut() {
    let folds = EvaluationProtocol.loso.folds(of: Self.corpus(speakers: 3))
    #expect(folds.map(\.name) == ["s0", "s1", "s2"])
    #expect(folds.map(\.test) == [[0], [1, 2], [3, 4, 5]])
    #expect(folds[1].train == [0, 3, 4, 5])
  }

  @Test(
    "A name that is nearly right is no protocol",
    arguments: ["", "LOSO", "groups", "groups-", "groups-1", "groups-0", "groups--3", "groups-x", "folds-3"])
  func otherNamesAreNoProtocol(name: String) {
    #expect(EvaluationProtocol(name: name) == nil)
  }
}
