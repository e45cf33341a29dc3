import CSndFile
import Glibc
import SerdAudio
import SerdTestKit
import Testing

/// MP3 files as encoders, editors and broadcasts leave them.
@Suite struct MPEGTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Two seconds of noise, then five of near silence: with a variable bit rate a length that is guessed of the start is
  /// far too short.
  private let sound = noise(32_000) + noise(80_000, amplitude: 0.0005)

  /// A file of variable bit rate, with the tag that says how long it is.
  private func encoded(_ name: String, _ sound: [Float], rate: Int = 16_000, channels: Int = 1) throws -> [UInt8] {
    let path = scratch.path(name)
    var info = SF_INFO()
    info.samplerate = Int32(rate)
    info.channels = Int32(channels)
    info.format = Int32(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III)
    let file = try #require(sf_open(path, Int32(SFM_WRITE), &info), "\(String(cString: sf_strerror(nil)))")
    var mode = Int32(SF_BITRATE_MODE_VARIABLE)
    sf_command(file, Int32(SFC_SET_BITRATE_MODE), &mode, 4)
    try #require(sf_write_float(file, sound, sf_count_t(sound.count)) == sound.count)
    sf_close(file)
    return try scratch.bytes(of: path)
  }

  /// The same without the first frame, which has the tag.
  private func untagged(_ bytes: [UInt8]) throws -> [UInt8] {
    let header = try #require(MPEGHeader(bytes))
    try #require(header.isTagged(bytes[...]))
    return Array(bytes[header.byteCount...])
  }

  private func readThroughPipe(_ path: String) throws -> [Float] {
    let pipe = try #require(popen("cat '\(path)'", "r"))
    defer { pclose(pipe) }
    return try FileSource(descriptor: fileno(pipe), name: "standard input").readAll()
  }

  @Test("An MP3 with a tag is what libsndfile makes of it, sample by sample")
  func equalsLibsndfile() throws {
    let path = try scratch.write("y.mp3", encoded("x.mp3", sound))
    var info = SF_INFO()
    let file = try #require(sf_open(path, Int32(SFM_READ), &info))
    defer { sf_close(file) }
    var expected = [Float](repeating: 0, count: Int(info.frames))
    #expect(sf_readf_float(file, &expected, info.frames) == info.frames)
    let source = try FileSource(path: path)
    #expect(source.duration == Double(sound.count) / 16_000)
    #expect(try identical(source.readAll(), expected))
    #expect(source.remarks.isEmpty)
    #expect(source.native.name == "MPEG-1/2 Audio, MPEG Layer III")
  }

  @Test("An MP3 of variable bit rate without a tag is read to its end, by name and through a pipe, without a word")
  func withoutTag() throws {
    let path = try scratch.write("y.mp3", untagged(encoded("x.mp3", sound)))
    let source = try FileSource(path: path)
    #expect(source.duration == nil, "nobody knows before it is read")
    let read = try source.readAll()
    #expect((sound.count...sound.count + 4000).contains(read.count), "\(read.count)")
    #expect(source.remarks.isEmpty, "\(source.remarks)")
    #expect(try identical(readThroughPipe(path), read))
  }

  @Test(
    "MP3s that were joined are all read, with their tags or without, and at another rate", arguments: [true, false])
  func joined(isTagged: Bool) throws {
    let one = try encoded("x.mp3", sound)
    let other = try encoded("y.mp3", noise(96_000, amplitude: 0.1), rate: 48_000, channels: 2)
    let id3: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 10] + Array(repeating: 0, count: 10)
    let parts = isTagged ? [id3, one, one, id3, other] : [one, try untagged(one), id3, try untagged(other)]
    let source = try FileSource(path: scratch.write("z.mp3", parts.flatMap { $0 }))
    let read = try source.readAll()
    let expected = 2 * sound.count + 16_000
    #expect((expected - 10...expected + 4000).contains(read.count), "\(read.count) of \(expected)")
    if isTagged {
      #expect(read.count == expected)
      #expect(identical(Array(read[..<sound.count]), Array(read[sound.count..<2 * sound.count])))
    }
    #expect(source.remarks.isEmpty, "\(source.remarks)")
  }

  @Test("An MP3 that begins with junk, as a broadcast cut anywhere does, is read")
  func junkFirst() throws {
    let bytes = try untagged(encoded("x.mp3", sound))
    let source = try FileSource(path: scratch.write("y.mp3", Array(bytes[50...])))
    #expect(try source.readAll().count > sound.count - 2000)
  }

  @Test("An MP3 that is cut short is told with what its tag promises, and one without a tag needs no word")
  func cut() throws {
    let bytes = try encoded("x.mp3", noise(48_000))
    let cut = try FileSource(path: scratch.write("y.mp3", Array(bytes[..<(bytes.count / 2)])))
    let found = Double(try cut.readAll().count) / 16_000
    #expect((1.2...1.7).contains(found))
    #expect(cut.remarks.map(\.kind) == [.cut(promised: 3, found: found, problem: nil)])
    let silent = try untagged(bytes)
    let other = try FileSource(path: scratch.write("z.mp3", Array(silent[..<(silent.count / 2)])))
    #expect(try !other.readAll().isEmpty)
    #expect(other.remarks.isEmpty)
  }
}
