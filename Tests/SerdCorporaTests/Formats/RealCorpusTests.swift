import SerdCorpora
import SerdTestKit
import Testing

/// The readers on the corpora themselves, where they are.
@Suite(.enabled(if: RealSpeech.folder != nil, Comment(rawValue: RealSpeech.absence))) struct RealCorpusTests {
  @Test(
    "EMO-DB itself has its 535 recordings, ten speakers, seven emotions and listening test",
    arguments: ["/emodb", "/emodb/wav"])
  func emodb(folder: String) throws {
    let corpus = try EMODB.read(folder: try #require(RealSpeech.folder) + folder)
    #expect(corpus.recordings.count == 535 && corpus.leftOut.isEmpty)
    let counts = corpus.labels.indices.map { label in corpus.recordings.count { $0.label == label } }
    #expect(corpus.labels == ["anger", "boredom", "disgust", "fear", "happiness", "sadness", "neutral"])
    #expect(counts == [127, 81, 46, 69, 71, 62, 79])
    #expect(corpus.speakers == ["03", "08", "09", "10", "11", "12", "13", "14", "15", "16"])
    #expect(Set(corpus.recordings.map(\.text)).count == 10)
    let rates = corpus.recordings.compactMap(\.recognition)
    #expect(rates.count == 535)
    #expect(abs(rates.reduce(0, +) / 535 - 0.935) < 0.0005, "the mean recognition of the listening test")
  }

  @Test("RAVDESS itself has its 1080 recordings, eighteen speakers and two sentences")
  func ravdess() throws {
    let corpus = try RAVDESS.read(folder: try #require(RealSpeech.folder) + "/ravdess")
    #expect(corpus.recordings.count == 1080 && corpus.leftOut.isEmpty)
    #expect(corpus.speakers.count == 18 && Set(corpus.recordings.map(\.text)) == ["1", "2"])
    for label in corpus.labels.indices {
      // Neutral has one intensity, the others two.
      #expect(corpus.recordings.count { $0.label == label } == (label == 0 ? 72 : 144))
    }
  }
}
