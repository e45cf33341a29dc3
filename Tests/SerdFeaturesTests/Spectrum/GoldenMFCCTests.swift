import SerdFeatures
import SerdTestKit
import Testing

/// The front end against TensorFlow, both transforms and presets, every signal.
@Suite struct GoldenMFCCTests {
  /// Twice what float32 itself allows per signal (Tests/Golden/README.md): once for TensorFlow's values, once for ours.
  static let tolerances: [SyntheticSignal: Float] = [.chirp: 0.06, .harmonics: 0.004, .noise: 2e-5]

  @Test(
    "Frames are TensorFlow's, within what single precision allows", arguments: TransformKind.allCases,
    [FrontEndSettings.paper, .report])
  func framesEqualTensorFlow(transform: TransformKind, settings: FrontEndSettings) throws {
    var settings = settings
    // The reference takes nothing out.
    settings.offsetMemory = 0
    for seconds in [2, 3] { try compare(transform, settings, seconds: seconds) }
  }

  private func compare(_ transform: TransformKind, _ settings: FrontEndSettings, seconds: Int) throws {
    let golden = try NPYFile(golden: "mfcc_\(settings.name)_\(seconds)s_unclipped.npy")
    let perSignal = golden.shape[1] * golden.shape[2]
    for signal in SyntheticSignal.allCases {
      let samples = signal.samples(seconds: seconds)
      let frames = FeatureStream.frames(of: samples, settings: settings, transform: transform)
      #expect(frames.count == perSignal)
      #expect(settings.frames(inSamples: samples.count) == golden.shape[1])
      let expected = golden.values[signal.rawValue * perSignal..<(signal.rawValue + 1) * perSignal]
      let difference = zip(frames, expected).map { abs($0 - $1) }.max()!
      #expect(
        difference <= Self.tolerances[signal]!,
        "\(transform), \(settings.name) \(signal) \(seconds) s differs by \(difference)")
    }
  }

  /// The numbers are sums of the samples that it saw.
  @Test("The test signals are the ones that TensorFlow saw")
  func signalsAreTheReferenceOnes() {
    let sums = SyntheticSignal.allCases.map { $0.pcm(seconds: 2).reduce(0) { $0 + Int($1) } }
    #expect(sums == [659_007, 130, 32657])
    let magnitudes = SyntheticSignal.allCases.map { $0.pcm(seconds: 3).reduce(0) { $0 + abs(Int($1)) } }
    #expect(magnitudes == [500_690_175, 234_306_234, 157_147_511])
  }

  @Test("The filter bank keeps only the weights that are not zero")
  func melMatrixIsSparse() {
    #expect(MelFilterBank(settings: .paper).nonzeroCount < 1000)
    #expect(MelFilterBank(settings: .report).nonzeroCount > 900)
  }
}
