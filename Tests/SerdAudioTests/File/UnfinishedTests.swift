import CSndFile
import Glibc
import SerdAudio
import Testing

/// WAV files whose header was never finished: their recorder lost power, or wrote to a pipe.
@Suite struct UnfinishedTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private let sound = noise(16_000)

  private func throughPipe(_ path: String) throws -> (samples: [Float], remarks: [FileRemark]) {
    let pipe = try #require(popen("cat '\(path)'", "r"))
    defer { pclose(pipe) }
    let source = try FileSource(descriptor: fileno(pipe), name: "standard input")
    return (try source.readAll(), source.remarks)
  }

  /// Reads a file by its name and through a pipe; expects all of it, and a note that tells of so many seconds.
  private func expectWhole(_ bytes: [UInt8], stated: Double?, sourceLocation: SourceLocation = #_sourceLocation) throws
  {
    let path = try scratch.write("x.wav", bytes)
    let whole = try FileSource(path: scratch.write("y.wav", WaveBytes(data: pcm16(sound)).bytes)).readAll()
    let source = try FileSource(path: path)
    #expect(try identical(source.readAll(), whole), sourceLocation: sourceLocation)
    let kinds = stated.map { [FileRemark.Kind.unfinished(stated: $0, found: 1)] } ?? []
    #expect(source.remarks.map(\.kind) == kinds, sourceLocation: sourceLocation)
    let piped = try throughPipe(path)
    let isSame = identical(piped.samples, whole)
    #expect(isSame, sourceLocation: sourceLocation)
    #expect(piped.remarks.map(\.kind) == kinds, sourceLocation: sourceLocation)
  }

  @Test("A header of the first block alone, as Python's wave writes it to a pipe, is read to the end, and told")
  func firstBlock() throws {
    try expectWhole(WaveBytes(data: pcm16(sound), statedSize: 3200).bytes, stated: 0.1)
  }

  @Test("A header that tells of no sound, with sound behind it, is read to the end, and told")
  func noSound() throws {
    try expectWhole(WaveBytes(data: pcm16(sound), statedSize: 0).bytes, stated: 0)
  }

  @Test("An RF64 header that was never filled in is read to the end, and told; a filled one is not")
  func wide() throws {
    func rf64(_ size: Int) -> [UInt8] {
      let plain = WaveBytes(data: pcm16(sound), statedSize: .max).bytes
      let ds64 = Array("ds64".utf8) + [28, 0, 0, 0] + little(0, 8) + little(size, 8) + little(0, 12)
      return Array("RF64".utf8) + [255, 255, 255, 255] + Array("WAVE".utf8) + ds64 + plain[12...]
    }
    try expectWhole(rf64(0), stated: 0)
    try expectWhole(rf64(32_000), stated: nil)
  }

  @Test("Chunks and padding behind the sound are neither sound nor worth a word")
  func whatFollows() throws {
    let trailers: [[UInt8]] = [
      Array("LIST".utf8) + little(400, 4) + Array(repeating: 0x55, count: 400),
      Array("id3 ".utf8) + little(4, 4) + [1, 2, 3, 4],
      Array("TAG".utf8) + Array(repeating: 0x41, count: 125), [UInt8](repeating: 0, count: 500),
      [UInt8](repeating: 0xFF, count: 500),
    ]
    for trailer in trailers {
      let path = try scratch.write("x.wav", WaveBytes(data: pcm16(sound), trailer: trailer).bytes)
      let source = try FileSource(path: path)
      #expect(try source.readAll().count == sound.count)
      #expect(source.remarks.isEmpty, "\(trailer.prefix(4))")
    }
  }

  @Test("Two WAV files behind each other do not become noise")
  func joined() throws {
    let one = WaveBytes(data: pcm16(sound)).bytes
    let source = try FileSource(path: scratch.write("x.wav", one + one))
    #expect(try source.readAll().count == sound.count)
  }

  @Test("Other chunks before the sound, of odd length too, padded or not, and a tag of MP3 change nothing")
  func whatPrecedes() throws {
    let plain = WaveBytes(data: pcm16(sound)).bytes
    let junk = Array("JUNK".utf8) + little(5, 4) + [1, 2, 3, 4, 5]
    let zeros = Array("LIST".utf8) + little(70_000, 4) + [UInt8](repeating: 0, count: 70_000)
    try expectWhole(Array(plain[..<12]) + junk + [0] + Array(plain[12...]), stated: nil)
    try expectWhole(Array(plain[..<36]) + junk + Array(plain[36...]), stated: nil)
    try expectWhole(Array(plain[..<12]) + zeros + Array(plain[12...]), stated: nil)
    let tag: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 10] + [UInt8](repeating: 0, count: 10)
    try expectWhole(tag + plain, stated: nil)
  }

  @Test("24 bits in 4 bytes give the same answer by name and through a pipe, whichever three of the bytes they fill")
  func fourByteSamples() throws {
    let fine = sound.map { Int32(($0 * 32_767).rounded()) * 256 + 77 }
    // What has 16 bits only, in 24.
    let coarse = fine.map { $0 - 77 }
    let places: [(String, (Int32) -> UInt32)] = [
      ("lower, with the sign in the top", { UInt32(bitPattern: $0) }),
      ("lower, with zero in the top", { UInt32(bitPattern: $0) & 0xFF_FFFF }),
      ("upper", { UInt32(bitPattern: $0) << 8 }),
    ]
    for (name, place) in places {
      for values in [fine, coarse] {
        let expected = values.map { Float($0) / 8_388_608 }
        let data = [UInt8](repeating: 0, count: 40_000) + values.flatMap { little(Int(place($0)), 4) }
        var wave = WaveBytes(bits: 24, data: data)
        wave.frameBytes = 4
        let path = try scratch.write("x.wav", wave.bytes)
        let read = try FileSource(path: path).readAll()
        #expect(read.count == 10_000 + expected.count)
        #expect(zip(read.dropFirst(10_000), expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(name)")
        let isSame = identical(try throughPipe(path).samples, read)
        #expect(isSame, "\(name)")
      }
    }
  }
}
