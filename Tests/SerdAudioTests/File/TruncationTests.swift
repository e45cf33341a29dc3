import CSndFile
import Glibc
import SerdAudio
import Testing

@Suite struct TruncationTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Writes three seconds and keeps the first `share` of the file's bytes.
  func cut(_ name: String, _ format: Int, keeping share: Double) throws -> String {
    let bytes = try scratch.bytes(of: scratch.write("whole", format: format, rate: 16_000, noise(48_000)))
    return try scratch.write(name, Array(bytes[..<Int(Double(bytes.count) * share)]))
  }

  @Test(
    "A file that is cut short is read, and told with what it promises and what it holds",
    arguments: [
      ("x.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16), ("x.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16),
      ("x.au", SF_FORMAT_AU | SF_FORMAT_PCM_16), ("x.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16),
      ("ima.wav", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM),
    ])
  func aCutFileIsReadAndNamed(name: String, format: Int) throws {
    let source = try FileSource(path: cut(name, format, keeping: 0.4))
    let read = try source.readAll()
    #expect((16_000...21_000).contains(read.count))
    let remark = try #require(source.remarks.first)
    guard case .cut(let promised, let found, _) = remark.kind else { throw Unexpected(remark) }
    // ADPCM counts in blocks of up to 0.13 s.
    #expect(abs(promised - 3) < (name == "ima.wav" ? 0.3 : 0.001))
    #expect(abs(found - Double(read.count) / 16_000) < 1e-9)
    #expect(remark.description.contains("\(name): the header promises 3"))
    #expect(remark.description.contains("the file holds 1."))
    #expect(!remark.description.contains("\n"))
  }

  @Test("A stream that is cut short is told, too")
  func aCutStreamIsNamedToo() throws {
    let path = try cut("x.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, keeping: 0.5)
    let pipe = try #require(popen("cat '\(path)'", "r"))
    defer { pclose(pipe) }
    let source = try FileSource(descriptor: fileno(pipe), name: "standard input")
    let count = try source.readAll().count
    #expect((23_000...24_000).contains(count))
    let remark = try #require(source.remarks.first)
    guard case .cut(let promised, let found, nil) = remark.kind else { throw Unexpected(remark) }
    #expect(abs(promised - 3) < 1e-9 && abs(found - Double(count) / 16_000) < 1e-9)
  }

  @Test("Damage inside a file is told, and the rest is read")
  func damageInsideIsNamed() throws {
    let path = try scratch.write("x.flac", format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16, rate: 16_000, noise(48_000))
    var bytes = try scratch.bytes(of: path)
    for index in bytes.count / 2..<bytes.count / 2 + 100 { bytes[index] = 0x55 }
    let source = try FileSource(path: scratch.write("y.flac", bytes))
    #expect(try !source.readAll().isEmpty)
    #expect(source.remarks.count == 1 && source.remarks[0].isLoss && source.remarks[0].problem.contains("("))
  }

  @Test("A file that lacks less than a millisecond is not worth a word")
  func aMillisecondIsNotWorthAWord() throws {
    let whole = WaveBytes(data: pcm16(noise(16_000))).bytes
    let source = try FileSource(path: scratch.write("x.wav", Array(whole.dropLast(3))))
    #expect(try source.readAll().count == 15_998)
    #expect(source.remarks.isEmpty)
  }
}

/// A remark of another kind than was expected.
private struct Unexpected: Error {
  let remark: FileRemark
  init(_ remark: FileRemark) { self.remark = remark }
}
