import SerdCorpora
import SerdTestKit
import SerdTraining
import Testing

/// What `sertrain inspect` prints.
@Suite struct InspectionTableTests {
  @Test("An inspection's text has its counts, and names every problem of a corpus")
  func countsAndProblems() throws {
    let folder = try ScratchFolder()
    try SyntheticCorpus.writeFlawedEMODB(into: folder)
    let text = CorpusInspection(of: try EMODB.read(folder: folder.path)).text
    for words in [
      "EMO-DB: 6 recordings, 3 speakers, 7 classes, 4 sentences", "| anger | 3 | 2 s |",
      "| 08 | 1 | 0 | 0 | 0 | 1 | 1 | 0 | 3 |",
      "Left out: 1", "notes.txt", "Cannot be read: 2", "10a01Wa.wav", "03a01Wa.wav = 08b02Ta.wav", "44100 Hz",
    ] { #expect(text.contains(words), "\(words) in \(text)") }
  }

  @Test("A corpus of which nothing can be read has no recordings in the text")
  func nothingToRead() throws {
    let folder = try ScratchFolder()
    try folder.write("03a01Fa.wav", [])
    #expect(CorpusInspection(of: try EMODB.read(folder: folder.path)).text.contains("0 recordings"))
  }
}
