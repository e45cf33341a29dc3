import Foundation
import SerdCorpora
import SerdTestKit
import Testing

/// The same sound under two names that contradict each other.
@Suite struct CopiesTests {
  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
    for (seed, name) in ["a", "b", "c"].enumerated() {
      try write(name, SyntheticCorpus.voice(pitch: 100, rate: 6, seconds: 0.2, seed: UInt64(seed)))
    }
  }

  private func write(_ name: String, _ samples: [Float]) throws {
    try scratch.write("\(name).wav", WAVFile.float(samples))
  }

  private func copy(_ name: String, _ other: String) throws {
    try FileManager.default.copyItem(atPath: "\(scratch.path)/\(name).wav", toPath: "\(scratch.path)/\(other).wav")
  }

  private func corpus(_ rows: String...) throws -> Corpus {
    try scratch.write("list.csv", Array(("path,label,speaker,text\n" + rows.joined(separator: "\n")).utf8))
    return try Corpus.read(format: "manifest", folder: scratch.path + "/list.csv")
  }

  @Test("A copy under another speaker, label or sentence is refused and named; where nothing differs it is none")
  func contradictions() throws {
    try copy("a", "copy")
    let others = ["b.wav,y,1,", "c.wav,x,2,"]
    for row in ["copy.wav,x,2,one", "copy.wav,y,1,one", "copy.wav,x,1,two"] {
      let corpus = try corpus("a.wav,x,1,one", row, others[0], others[1])
      #expect(CorpusCopies(of: corpus).groups.map { $0.map(\.name) } == [["a.wav", "copy.wav"]], "\(row)")
      let error = thrown(CorpusError.self) { try CorpusCopies.refuse(in: corpus) }
      #expect(error?.cause == .badData && error?.problem.contains("a.wav (1, x) = ") == true, "\(row)")
    }
    for row in ["copy.wav,x,1,one", "copy.wav,x,1,"] {
      try CorpusCopies.refuse(in: corpus("a.wav,x,1,one", row, others[0], others[1]))
    }
  }

  @Test("The sound decides, not the file: another format is a copy; silence is none")
  func bySound() throws {
    let samples = SyntheticCorpus.voice(pitch: 120, rate: 5, seconds: 0.2, seed: 9)
    try write("mono", samples)
    try scratch.write("stereo.wav", WAVFile.float(samples.flatMap { [$0, $0] }, channels: 2))
    try write("silence1", [Float](repeating: 0, count: 1600))
    try write("silence2", [Float](repeating: 0, count: 1600))
    let corpus = try corpus("mono.wav,x,1,", "stereo.wav,x,2,", "silence1.wav,x,1,", "silence2.wav,y,2,", "c.wav,y,1,")
    #expect(CorpusCopies(of: corpus).groups.map { $0.map(\.name) } == [["mono.wav", "stereo.wav"]])
  }

  @Test("A link to a file is the file: named twice it counts once, and may not contradict itself")
  func links() throws {
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/link.wav", withDestinationPath: scratch.path + "/b.wav")
    #expect(try corpus("a.wav,x,1,", "b.wav,y,1,", "link.wav,y,1,").recordings.count == 2)
    #expect(thrown(CorpusError.self) { try corpus("a.wav,x,1,", "b.wav,y,1,", "link.wav,y,2,") } != nil)
  }
}
