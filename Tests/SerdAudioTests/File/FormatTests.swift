import CSndFile
import SerdAudio
import Testing

/// A container and encoding, with how far a decoded sample may be from the written one.
struct FileKind: Sendable, CustomTestStringConvertible {
  let name: String
  let format: Int
  let tolerance: Float

  var testDescription: String { name }

  static let lossless = [
    FileKind(name: "16.wav", format: SF_FORMAT_WAV | SF_FORMAT_PCM_16, tolerance: 1e-4),
    FileKind(name: "24.wav", format: SF_FORMAT_WAV | SF_FORMAT_PCM_24, tolerance: 1e-6),
    FileKind(name: "float.wav", format: SF_FORMAT_WAV | SF_FORMAT_FLOAT, tolerance: 0),
    FileKind(name: "double.wav", format: SF_FORMAT_WAV | SF_FORMAT_DOUBLE, tolerance: 0),
    FileKind(name: "8.wav", format: SF_FORMAT_WAV | SF_FORMAT_PCM_U8, tolerance: 1e-2),
    FileKind(name: "alaw.wav", format: SF_FORMAT_WAV | SF_FORMAT_ALAW, tolerance: 3e-2),
    FileKind(name: "extensible.wav", format: SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, tolerance: 1e-4),
    FileKind(name: "rf64.wav", format: SF_FORMAT_RF64 | SF_FORMAT_PCM_16, tolerance: 1e-4),
    FileKind(name: "sony.w64", format: SF_FORMAT_W64 | SF_FORMAT_PCM_16, tolerance: 1e-4),
    FileKind(name: "free.flac", format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16, tolerance: 1e-4),
    FileKind(name: "apple.aiff", format: SF_FORMAT_AIFF | SF_FORMAT_PCM_16, tolerance: 1e-4),
    FileKind(name: "apple.caf", format: SF_FORMAT_CAF | SF_FORMAT_PCM_16, tolerance: 1e-4),
    FileKind(name: "sun.au", format: SF_FORMAT_AU | SF_FORMAT_PCM_16, tolerance: 1e-4),
    FileKind(name: "nist.sph", format: SF_FORMAT_NIST | SF_FORMAT_PCM_16, tolerance: 1e-4),
  ]

  static let vorbis = FileKind(name: "vorbis.ogg", format: SF_FORMAT_OGG | SF_FORMAT_VORBIS, tolerance: 0)
  static let opus = FileKind(name: "opus.ogg", format: SF_FORMAT_OGG | SF_FORMAT_OPUS, tolerance: 0)
  static let adpcm = FileKind(name: "ima.wav", format: SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, tolerance: 0)
}

@Suite struct FormatTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test("16 kHz and one channel pass unchanged in every lossless format", arguments: FileKind.lossless)
  func sixteenKilohertzMonoPassesUnchanged(kind: FileKind) throws {
    let samples = noise(5_000)
    let source = try FileSource(path: scratch.write(kind.name, format: kind.format, rate: 16_000, samples))
    #expect(source.duration == 5_000.0 / 16_000)
    #expect(source.native.sampleRate == 16_000 && source.native.channels == 1)
    let read = try source.readAll()
    #expect(read.count == samples.count)
    #expect(zip(read, samples).allSatisfy { abs($0 - $1) <= kind.tolerance })
    #expect(source.remarks.isEmpty)
  }

  @Test("Lossy formats keep the length and the level", arguments: [FileKind.vorbis, .opus, .adpcm], [1, 2])
  func lossyFormatsKeepLengthAndLevel(kind: FileKind, channels: Int) throws {
    let mono = tone(440, rate: 48_000, frames: 96_000)
    let source = try FileSource(
      path: scratch.write(
        kind.name, format: kind.format, rate: 48_000, channels: channels,
        mono.flatMap { Array(repeating: $0, count: channels) }))
    let read = try source.readAll()
    // ADPCM fills its last block, of up to 4,089 frames.
    #expect((32_000...33_363).contains(read.count))
    #expect(abs(decibels(amplitude(of: 440, in: read[4_000..<28_000], rate: 16_000) / 0.5)) < 0.3)
    #expect(source.remarks.isEmpty)
  }

  @Test(
    "Every rate and number of channels comes out as their mean at 16 kHz, in level and in phase",
    arguments: [1_000, 8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 768_000, 1_000_000], [1, 2, 6])
  func everyRateAndChannelCountComesOutAtSixteenKilohertz(rate: Int, channels: Int) throws {
    let frames = rate + 7
    let mono = tone(300, rate: rate, frames: frames)
    // Each channel at a level of its own; their mean is what counts.
    let levels = (0..<channels).map { Float($0 + 1) / Float(channels) }
    let mean = Double(levels.reduce(0, +)) / Double(channels)
    let source = try FileSource(
      path: scratch.write(
        "x.wav", format: SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate: rate, channels: channels,
        mono.flatMap { sample in levels.map { $0 * sample } }))
    #expect(source.native.sampleRate == rate && source.native.channels == channels)
    let read = try source.readAll()
    #expect(read.count == Int((Double(frames) * 16_000 / Double(rate)).rounded()))
    let found = amplitude(of: 300, in: read[2_000..<14_000], rate: 16_000)
    #expect(abs(decibels(found / (0.5 * mean))) < 0.02)
    // In phase, too: the resampler's delay is taken out.
    let expected = tone(300, rate: 16_000, frames: 16_000, amplitude: 0.5 * mean)
    #expect((2_000..<14_000).allSatisfy { abs(read[$0] - expected[$0]) < 2e-3 })
  }

  @Test("A thousand channels are averaged")
  func manyChannelsAreAveraged() throws {
    let frames = 3_000
    let samples = (0..<frames).flatMap { _ in (0..<1_024).map { $0 < 512 ? Float(0.25) : 0.75 } }
    let source = try FileSource(
      path: scratch.write(
        "x.wav", format: SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate: 16_000, channels: 1_024, samples))
    let read = try source.readAll()
    #expect(read.count == frames && read.allSatisfy { $0 == 0.5 })
  }

  @Test("Samples beyond one pass unchanged")
  func samplesBeyondOnePassUnchanged() throws {
    let loud: [Float] = [0, 1.5, -3, 40_000, -2_147_483_648]
    let source = try FileSource(
      path: scratch.write("loud.wav", format: SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate: 16_000, loud))
    #expect(try source.readAll() == loud)
  }

  @Test("A file's own format is named with encoding, rate and channels")
  func nativeFormatIsNamed() throws {
    let path = try scratch.write(
      "x.wav", format: SF_FORMAT_WAV | SF_FORMAT_PCM_16, rate: 44_100, channels: 2, noise(200))
    #expect(
      try FileSource(path: path).native.description == "WAV (Microsoft), Signed 16 bit PCM, 44100 Hz, 2 channels")
  }
}
