import CSndFile
import SerdAudio
import Testing

/// Apple's format as other programs write it.
@Suite struct CAFTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test("A CAF file of unknown length, as ffmpeg writes it to a pipe, is read to its end")
  func unknownLength() throws {
    let path = try scratch.write("x.caf", format: SF_FORMAT_CAF | SF_FORMAT_PCM_16, rate: 16_000, noise(16_000))
    let whole = try FileSource(path: path).readAll()
    var bytes = try scratch.bytes(of: path)
    let data = try #require(bytes.indices.first { bytes[$0...].starts(with: "data".utf8) })
    for index in data + 4..<data + 12 { bytes[index] = 0xFF }
    let source = try FileSource(path: scratch.write("y.caf", bytes))
    #expect(try identical(source.readAll(), whole))
    #expect(source.remarks.isEmpty)
  }

  /// ffmpeg leaves the flags of the format at zero, and wraps the codec's description in atoms.
  @Test(
    "ALAC as ffmpeg describes it is read, with 16 bits and with 24",
    arguments: [SF_FORMAT_ALAC_16, SF_FORMAT_ALAC_24])
  func alacOfFFmpeg(encoding: Int) throws {
    let path = try scratch.write("x.caf", format: SF_FORMAT_CAF | encoding, rate: 16_000, noise(16_000))
    let whole = try FileSource(path: path).readAll()
    var bytes = try scratch.bytes(of: path)
    for index in 32..<36 { bytes[index] = 0 }
    let cookie = try #require(bytes.indices.first { bytes[$0...].starts(with: "kuki".utf8) })
    let atoms: [UInt8] = [0, 0, 0, 12] + Array("frmaalac".utf8) + [0, 0, 0, 36] + Array("alac".utf8) + [0, 0, 0, 0]
    bytes.insert(contentsOf: atoms, at: cookie + 12)
    bytes[cookie + 11] += UInt8(atoms.count)
    let source = try FileSource(path: scratch.write("y.caf", bytes))
    #expect(try identical(source.readAll(), whole))
    #expect(source.remarks.isEmpty)
  }
}
