import CSndFile
import Glibc
import SerdAudio
import Testing

/// Ogg files as internet radio and recorders leave them.
@Suite struct OggTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func link(_ name: String, _ kind: FileKind, rate: Int = 16_000, channels: Int = 1, hertz: Double) throws
    -> [UInt8]
  {
    let sound = tone(hertz, rate: rate, frames: 2 * rate).flatMap { Array(repeating: $0, count: channels) }
    return try scratch.bytes(of: scratch.write(name, format: kind.format, rate: rate, channels: channels, sound))
  }

  /// Of many pages.
  private func long(_ kind: FileKind) throws -> [UInt8] {
    try scratch.bytes(of: scratch.write("long", format: kind.format, rate: 16_000, noise(320_000)))
  }

  @Test("A chained file is read link by link, at whatever rate", arguments: [FileKind.vorbis, .opus])
  func chained(kind: FileKind) throws {
    let parts = [
      try link("1", kind, hertz: 300), try link("2", kind, hertz: 500),
      try link("3", kind, rate: 48_000, channels: 2, hertz: 700),
    ]
    let path = try scratch.write("x.ogg", parts.flatMap { $0 })
    let source = try FileSource(path: path)
    #expect(source.duration == nil)
    let read = try source.readAll()
    #expect(read.count == 96_000)
    #expect(source.remarks.isEmpty, "\(source.remarks)")
    for (index, hertz) in [300.0, 500, 700].enumerated() {
      let start = index * 32_000
      #expect(amplitude(of: hertz, in: read[start + 4_000..<start + 28_000], rate: 16_000) > 0.4)
    }
    let pipe = try #require(popen("cat '\(path)'", "r"))
    defer { pclose(pipe) }
    #expect(try identical(FileSource(descriptor: fileno(pipe), name: "standard input").readAll(), read))
  }

  @Test("A file whose end is missing is read, and told", arguments: [FileKind.vorbis, .opus])
  func endIsMissing(kind: FileKind) throws {
    let bytes = try long(kind)
    let source = try FileSource(path: scratch.write("x.ogg", Array(bytes[..<(bytes.count * 9 / 10)])))
    let found = Double(try source.readAll().count) / 16_000
    #expect(source.remarks.map(\.kind) == [.unended(found: found)])
    #expect(source.remarks[0].description.contains("x.ogg: its end is missing"))
  }

  @Test("A page that is missing in the middle is told")
  func pageIsMissing() throws {
    let bytes = try long(.vorbis)
    let pages = bytes.indices.filter { bytes[$0...].starts(with: "OggS".utf8) }
    try #require(pages.count > 4)
    let source = try FileSource(
      path: scratch.write("x.ogg", Array(bytes[..<pages[3]]) + Array(bytes[pages[4]...])))
    let found = Double(try source.readAll().count) / 16_000
    #expect(source.remarks.map(\.kind) == [.cut(promised: 20, found: found, problem: "1 page is missing")])
  }

  @Test("What was read of a chain counts, though a later link cannot be read")
  func laterLinkIsBad() throws {
    var second = try link("2", .vorbis, hertz: 500)
    for index in 60..<200 { second[index] = 0x55 }
    let source = try FileSource(path: scratch.write("x.ogg", link("1", .vorbis, hertz: 300) + second))
    #expect(try source.readAll().count == 32_000)
    #expect(source.remarks.count == 1 && source.remarks[0].isLoss, "\(source.remarks)")
  }
}
