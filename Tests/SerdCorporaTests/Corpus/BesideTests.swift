import SerdCorpora
import SerdNetwork
import SerdTestKit
import Testing

/// Corpora that are trained beside the one that is tested: they lend speakers, and nothing of theirs is tested or
/// named.
@Suite struct BesideTests {
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

  @Test("A corpus with others beside it comes first and keeps its names; theirs begin with their corpus")
  func theOwnRecordingsComeFirstAndKeepTheirNames() throws {
    let both = try Self.own.trained(beside: [Self.other, Self.third])
    #expect(both.name == "OWN beside A and B" && both.parts == ["OWN", "A", "B"])
    #expect(both.labels == Self.own.labels && both.terms == "terms of OWN; terms of A; terms of B")
    #expect(both.trainedLabels == ["anger", "boredom", "sadness", "A:calm", "A:anger", "B:joy"])
    #expect(both.own == 0..<12 && Array(both.recordings[both.own]) == Self.own.recordings)
    #expect(both.speakers == ["0", "1", "2", "3"] && both.texts == ["t0", "t1", "t2"])
    #expect(both.trainedSpeakers.count == 11 && both.trainedSpeakers.contains("A:4"))
    for recording in both.recordings[12...] {
      let part = recording.path.prefix(1)
      #expect(both.trainedLabels[recording.label].hasPrefix("\(part):") && recording.speaker.hasPrefix("\(part):"))
    }
    #expect(both.identity != Self.own.identity && Self.own.own == 0..<12 && Self.own.trainedLabels == Self.own.labels)
    #expect(thrown(CorpusError.self) { try Self.own.trained(beside: [Self.own]) }?.problem.contains("twice") == true)
  }

  @Test("A file that is in a corpus and beside it is refused by name")
  func aFileOfBothIsRefused() {
    var recordings = Self.other.recordings
    recordings.append(Recording(path: "./OWN/2/1", label: 0, speaker: "me", text: ""))
    let same = Corpus(name: "A", labels: Self.other.labels, recordings: recordings, leftOut: [], terms: "")
    let error = thrown(CorpusError.self) { try Self.own.trained(beside: [same]) }
    #expect(error?.problem == "./OWN/2/1 is in OWN and beside it: its speaker would be trained on and tested")
  }

  /// As in a manifest of a joined corpus.
  @Test("A speaker who is called as one beside the corpus is refused by name")
  func aSpeakerCalledAsOneBesideIsRefused() {
    let recordings = [0, 1, 2].map { Recording(path: "x\($0)", label: $0, speaker: "A:1", text: "") }
    let joined = Corpus(name: "OWN", labels: Self.own.labels, recordings: recordings, leftOut: [], terms: "")
    #expect(thrown(CorpusError.self) { try joined.trained(beside: [Self.other]) }?.problem.contains("A:1") == true)
  }

}
