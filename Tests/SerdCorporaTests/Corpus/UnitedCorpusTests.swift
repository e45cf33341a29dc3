import SerdCorpora
import SerdTestKit
import Testing

/// Several corpora as one, of which some lack labels.
@Suite struct UnitedCorpusTests {
  private static func corpus(_ name: String, _ labels: [String], votes: [Float]? = nil) -> Corpus {
    let recordings = labels.indices.map { label in
      Recording(path: "\(name)/\(labels[label])", label: label, speaker: "1", text: "", votes: votes)
    }
    return Corpus(name: name, labels: labels, recordings: recordings, leftOut: [], terms: "terms of \(name)")
  }

  private static let one = corpus("ONE", ["anger", "boredom", "neutral", "sadness"], votes: [0.5, 0.2, 0.2, 0.1])
  private static let two = corpus("TWO", ["sadness", "calm", "anger", "neutral"])

  @Test("The labels are those asked for, in that order; what is calm is neutral if it is asked for so")
  func labelsAreThoseAskedFor() throws {
    let united = try Corpus.united([Self.one, Self.two], labels: LabelChoice("sadness, neutral+calm boredom"))
    #expect(united.labels == ["sadness", "neutral", "boredom"] && united.parts == ["ONE", "TWO"])
    #expect(
      united.recordings.map { "\($0.path) \($0.label) \($0.speaker)" } == [
        "ONE/boredom 2 ONE:1", "ONE/neutral 1 ONE:1", "ONE/sadness 0 ONE:1", "TWO/calm 1 TWO:1", "TWO/neutral 1 TWO:1",
        "TWO/sadness 0 TWO:1",
      ])
    #expect(united.leftOut.map(\.path) == ["ONE/anger", "TWO/anger"])
    #expect(united.leftOut.allSatisfy { $0.reason == "anger is not asked for" })
    #expect(united.labelsByPart == ["ONE": [0, 1, 2], "TWO": [0, 1]])
    #expect(united.terms == "terms of ONE; terms of TWO")
  }

  @Test("Votes move with their labels, and what is left of them sums to one")
  func votesMoveWithTheirLabels() throws {
    let united = try Corpus.united([Self.one], labels: LabelChoice("sadness,anger"))
    #expect(united.recordings.map(\.label) == [1, 0])
    for recording in united.recordings {
      let votes = try #require(recording.votes)
      #expect(zip(votes, [Float(1) / 6, Float(5) / 6]).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    let unheard = try Corpus.united([Self.corpus("ONE", Self.one.labels)], labels: LabelChoice("sadness,anger"))
    #expect(united.identity != unheard.identity)
  }

  @Test(
    "A choice that fits no corpus is refused, with what there is",
    arguments: [
      ("anger,joy", "no corpus here has the label joy; they have anger, boredom, calm, neutral, sadness"),
      ("anger,sadness+anger", "the label anger stands twice in \"anger,sadness+anger\"; write it once"),
      ("boredom", "\"boredom\" are not two labels or more; write them as in anger,happiness,neutral+calm"),
    ])
  func aChoiceThatFitsNoCorpusIsRefused(choice: String, line: String) {
    let error = thrown(CorpusError.self) { try Corpus.united([Self.one, Self.two], labels: LabelChoice(choice)) }
    #expect(error?.description == line)
  }

  @Test("A corpus that has none of the labels is refused, and so is the same corpus twice")
  func aCorpusWithoutLabelsIsRefused() {
    let strange = Self.corpus("THREE", ["joy", "grief"])
    let error = thrown(CorpusError.self) {
      try Corpus.united([Self.one, strange], labels: LabelChoice("anger,boredom"))
    }
    #expect(error?.description == "THREE has none of the labels anger, boredom; it has joy, grief")
    #expect(
      thrown(CorpusError.self) { try Corpus.united([Self.one, Self.one], labels: LabelChoice("anger,neutral")) } != nil)
  }
}
