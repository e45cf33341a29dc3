import Foundation
import SerdAudio
import SerdCorpora
import SerdFeatures
import SerdTestKit
import Testing

/// Recordings cut to pieces.
@Suite struct CuttingTests {
  /// Recordings of these lengths in samples, whose samples count up; the second at 8 kHz.
  static func corpus(_ lengths: [Int]) throws -> (Corpus, ScratchFolder) {
    let scratch = try ScratchFolder()
    let recordings = try lengths.enumerated().map { index, length in
      let samples = (0..<length).map { Float($0) / 1_000_000 }
      let path = try scratch.write("\(index).wav", WAVFile.float(samples, rate: index == 1 ? 8000 : 16000))
      return Recording(path: path, label: 0, speaker: "s\(index)", text: "t", recognition: 0.5)
    }
    return (Corpus(name: "made", labels: ["a"], recordings: recordings, leftOut: [], terms: ""), scratch)
  }

  @Test("Segments are all whole pieces of a recording; a shorter recording stays as it is")
  func segmentsAreAllWholePiecesAndNoRemainder() throws {
    let (corpus, scratch) = try Self.corpus([3200, 4000, 1599, 1600, 4801, 1601])
    defer { withExtendedLifetime(scratch) {} }
    let cut = try corpus.cut(.segments(seconds: 0.1))
    #expect(
      cut.recordings.map(\.name) == [
        "0.wav#1", "0.wav#2", "1.wav#1", "1.wav#2", "1.wav#3", "1.wav#4", "1.wav#5", "2.wav", "3.wav", "4.wav#1",
        "4.wav#2", "4.wav#3", "5.wav",
      ])
    #expect(
      cut.recordings.map { $0.span?.count } == Array(repeating: 1600, count: 7) + [nil, nil, 1600, 1600, 1600, 1600])
    #expect(cut.recordings[10].span == 1600..<3200)
    let second = try cut.recordings[10].samples()
    #expect(second.count == 1600 && second[0] == 1600 / 1_000_000 && second.last == 3199 / 1_000_000)
    #expect(cut.recordings.allSatisfy { $0.speaker == "s\($0.name.first!)" && $0.text == "t" && $0.recognition == 0.5 })
    #expect(Set(cut.recordings.map(\.name)).count == cut.recordings.count)
  }

  @Test("The centre is the middle of a recording, counted from the start of its file when cut again")
  func theCentreIsTheMiddle() throws {
    let (corpus, scratch) = try Self.corpus([3201, 2400, 1500])
    defer { withExtendedLifetime(scratch) {} }
    let cut = try corpus.cut(.centre(seconds: 0.1))
    #expect(cut.recordings.map(\.span) == [800..<2400, 1600..<3200, nil])
    #expect(cut.recordings.map(\.name) == ["0.wav", "1.wav", "2.wav"])
    #expect(try cut.recordings[0].samples().first == 800 / 1_000_000)
    // A piece of a piece is counted from the start of the file.
    let again = try cut.cut(.segments(seconds: 0.05))
    #expect(again.recordings.map(\.span) == [800..<1600, 1600..<2400, 1600..<2400, 2400..<3200, 0..<800])
  }

  @Test("A file that ends before its span begins is named, and so is one that is missing")
  func aFileThatIsShorterThanItsSpanIsNamed() throws {
    let (corpus, scratch) = try Self.corpus([1000])
    let path = corpus.recordings[0].path
    let beyond = Recording(path: path, label: 0, speaker: "", text: "", span: 1000..<1200, name: "turn")
    defer { withExtendedLifetime(scratch) {} }
    #expect(thrown(AudioError.self) { try beyond.samples() }?.problem.contains("ends before turn begins") == true)
    let partly = Recording(path: path, label: 0, speaker: "", text: "", span: 900..<1200)
    #expect(try partly.samples().count == 100)
    let none = Recording(path: "/nowhere/a.wav", label: 0, speaker: "", text: "")
    let missing = Corpus(name: "", labels: ["a"], recordings: [none], leftOut: [], terms: "")
    #expect(
      thrown(CorpusError.self) { try missing.cut(.segments(seconds: 1)) }?.place?.contains("/nowhere/a.wav") == true)
  }

}
