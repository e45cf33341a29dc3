import Glibc
import SerdEncoder
import SerdFeatures
import SerdNetwork
import SerdTestKit
import Testing

@Suite("The encoder's log-mel")
struct LogMelTests {
  /// The signal "short" of the golden values, 0.8 s.
  static let tone = (0..<12800).map { Float(0.3 * sin(2 * .pi * 440 * Double($0) / 16000)) }

  /// A pure tone is the worst case: most bands hold single precision's rounding of a loud one, magnified by the
  /// logarithm.
  @Test("Frames of a tone are those of the reference", arguments: TransformKind.allCases)
  func tone(transform: TransformKind) throws {
    let golden = try Golden.encoderTone()
    let frames = LogMel(transform: transform).frames(of: Self.tone, padded: true)
    let difference = zip(LogMelWindow.scaled(frames), try golden.floats("mel", shape: [80, 80])).map { abs($0 - $1) }
    #expect(frames.count == 80 * 80)
    #expect(difference.max()! < 2e-3, "\(difference.max()!)")
  }

  @Test(
    "Frames of every golden signal are those of the reference",
    .enabled(if: SharedEncoder.folder != nil, Comment(rawValue: SharedEncoder.absence)),
    arguments: TransformKind.allCases, [("noise", 2e-6), ("glide", 2e-3), ("short", 2e-3)] as [(String, Float)])
  func goldenSignals(transform: TransformKind, signal: (name: String, tolerance: Float)) throws {
    let golden = try SharedEncoder.golden()
    let frames = LogMel(transform: transform).frames(of: try golden.floats("\(signal.name).samples"), padded: true)
    let expected = try golden.floats("\(signal.name).mel")
    #expect(frames.count == expected.count)
    let difference = zip(LogMelWindow.scaled(frames), expected).map { abs($0 - $1) }.max()!
    #expect(difference < signal.tolerance, "\(difference)")
  }

  @Test("Every instruction set gives the same frames to the bit", arguments: TransformKind.allCases)
  func instructionSets(transform: TransformKind) {
    let samples = SyntheticSignal.noise.samples(seconds: 1)
    let expected = LogMel(transform: transform, kernels: FrontEndKernels.all[0]).frames(of: samples)
    #expect(expected.count == 98 * LogMel.bands && LogMel.frames(inSamples: samples.count) == 98)
    for kernels in FrontEndKernels.all {
      #expect(LogMel(transform: transform, kernels: kernels).frames(of: samples) == expected, "\(kernels.name)")
    }
  }

  /// A padded frame begins 200 samples before a multiple of the hop: the second frame inside begins at 120.
  @Test("Padded frames that touch no end are those of the samples alone")
  func padding() {
    let samples = SyntheticSignal.harmonics.samples(seconds: 1)
    let mel = LogMel()
    let padded = mel.frames(of: samples, padded: true)
    let inside = mel.frames(of: Array(samples[120...]))
    #expect(padded.count == 100 * LogMel.bands && inside.count == 97 * LogMel.bands)
    #expect(Array(padded[2 * LogMel.bands..<99 * LogMel.bands]) == inside)
  }

  @Test("A gain is an offset of the logarithm, above the floor")
  func gain() {
    let samples = SyntheticSignal.noise.samples(seconds: 1)
    let louder = LogMelWindow.scaled(LogMel().frames(of: samples.map { $0 * 4 }))
    let offset = LogMelWindow.scaled(LogMel().frames(of: samples), offset: 2 * log10f(4))
    #expect(zip(louder, offset).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("What is 80 dB below the loudest is at the limit, and silence is one value")
  func limit() {
    #expect(LogMelWindow.scaled([0, -7, -8, -9, -100]) == [1, -0.75, -1, -1, -1])
    #expect(Set(LogMelWindow.scaled(LogMel().frames(of: [Float](repeating: 0, count: 1600)))) == [-1.5])
  }
}
