import SerdCorpora
import SerdTestKit
import Testing

/// Several corpora as one.
@Suite struct JoinedCorpusTests {
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
    #expect(thrown(CorpusError.self) { try Corpus.joined([Self.one, Self.one]) } != nil)
    let strange = Self.corpus("THREE", labels: ["anger", "joy"], speakers: 2)
    let error = thrown(CorpusError.self) { try Corpus.joined([Self.one, strange]) }
    #expect(error?.problem == "ONE and THREE have 1 labels in common")
  }
}
