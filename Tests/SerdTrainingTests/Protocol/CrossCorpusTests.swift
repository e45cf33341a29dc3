import SerdCorpora
import SerdTestKit
import SerdTraining
import Testing

/// The protocol that tests across joint corpora.
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

}
