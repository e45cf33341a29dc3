import Foundation
import SerdCorpora
import SerdTestKit
import Testing

/// What `sertrain inspect` counts, on a corpus with everything that goes wrong with one.
@Suite struct InspectionTests {
  static func corpus() throws -> (Corpus, ScratchFolder) {
    let folder = try ScratchFolder()
    try SyntheticCorpus.writeFlawedEMODB(into: folder)
    return (try EMODB.read(folder: folder.path), folder)
  }

  @Test("An inspection counts classes, speakers and durations, and names every problem of a corpus")
  func countsDurationsAndProblems() throws {
    let (corpus, folder) = try Self.corpus()
    let inspection = withExtendedLifetime(folder) { CorpusInspection(of: corpus) }
    #expect(inspection.classes.map(\.recordings) == [3, 0, 0, 0, 2, 1, 0])
    #expect(inspection.speakers.map(\.name) == ["03", "08", "10"])
    #expect(inspection.speakers.map(\.recordings) == [2, 3, 1])
    #expect(inspection.speakers[1].byClass == [1, 0, 0, 0, 1, 1, 0])
    #expect(inspection.sentences == 4)
    let durations = try #require(inspection.durations)
    #expect(durations.shortest == 0.25 && durations.median == 0.5 && durations.longest == 1 && durations.total == 3.25)
    #expect(abs(inspection.classes[0].seconds - 1.75) < 1e-9)
    #expect(inspection.formats.values.sorted() == [1, 5])
    #expect(inspection.leftOut.map(\.reason) == ["not a sound file"])
    #expect(inspection.unreadable.map(\.path).map { String($0.suffix(11)) } == ["10a01Wa.wav", "10a02Wa.wav"])
    #expect(inspection.unreadable[1].reason == "nothing but digital silence")
    #expect(inspection.cutShort.map(\.reason) == ["the header promises 0.5 s, the file holds 0.25 s"])
    #expect(inspection.cutShort.first?.path.hasSuffix("08a01Wa.wav") == true)
    #expect(inspection.sameSound == [["03a01Wa.wav", "08b02Ta.wav"]])
    let readable = inspection.readable(of: corpus)
    #expect(readable.recordings.count == 6 && readable.leftOut.count == 3)
  }

  @Test("A corpus of which nothing can be read has no durations")
  func aCorpusOfWhichNothingCanBeReadHasNoDurations() throws {
    let folder = try CorpusTests.tree(["03a01Fa.wav"])
    let inspection = CorpusInspection(of: try EMODB.read(folder: folder.path))
    #expect(inspection.durations == nil && inspection.unreadable.count == 1)
  }

  @Test("The summary of what is left out counts each reason and gives a few examples")
  func theSummaryOfWhatIsLeftOutIsShortAndComplete() {
    let many = (1...10).map { LeftOut("\($0)", "odd") } + [LeftOut("x", "rare")]
    #expect(LeftOut.summary(many, examples: 2) == ["10 × odd", "  1", "  2", "  … and 8 more", "1 × rare", "  x"])
    #expect(LeftOut.summary([]).isEmpty)
  }
}
