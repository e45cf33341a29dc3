import FoundationEssentials
import SerdFeatures
import SerdTestKit
import Testing

@Suite struct ClipPaddingTests {
  @Test func digitalSilenceIsTrimmedAtBothEndsOnly() {
    let clip: [Float] = [0, 1e-6, 0.5, 0, 0, -0.25, 0, 0]
    #expect(Array(ClipPadding.trimmed(clip)) == [0.5, 0, 0, -0.25])
    #expect(ClipPadding.trimmed([0, 0, 0]).isEmpty)
    #expect(ClipPadding.trimmed([]).isEmpty)
  }

  @Test func paddingIsCentredLowNoiseAndAlwaysTheSame() {
    let clip = SyntheticSignal.harmonics.samples(seconds: 2)[..<16000]
    let padded = ClipPadding.padded(clip, to: 32000)
    #expect(padded.count == 32000)
    #expect(padded[8000..<24000].elementsEqual(clip))
    #expect(padded == ClipPadding.padded(clip, to: 32000))
    let peak = clip.map(abs).max()!
    let noise = padded[..<8000]
    let rms = (noise.reduce(0) { $0 + $1 * $1 } / 8000).squareRoot()
    #expect(abs(rms / peak - 0.00178) < 0.0001)  // -55 dB
    #expect(ClipPadding.padded(clip, to: 32000, position: 1)[16000...].elementsEqual(clip))
    #expect(ClipPadding.padded(clip, to: 16000).elementsEqual(clip))
  }
}

@Suite struct FrontEndSettingsTests {
  @Test func presetsAreSoundAndSurviveJSON() throws {
    for var settings in [FrontEndSettings.report, .paper] {
      #expect(settings.defect() == nil)
      settings.standardisation = Standardisation(
        mean: (0..<40).map { Float($0) * 0.1 }, reciprocalDeviation: Array(repeating: 0.3, count: 40))
      let json = try JSONEncoder().encode(settings)
      #expect(try JSONDecoder().decode(FrontEndSettings.self, from: json) == settings)
    }
    #expect(FrontEndSettings.report.frames(inSamples: 32000) == 122)
    #expect(FrontEndSettings.report.frames(inSamples: 48000) == 184)
    #expect(FrontEndSettings.report.frames(inSamples: 1023) == 0)
    #expect(FrontEndSettings.report.samples(inFrames: 122) == 32000)
  }

  @Test func impossibleSettingsAreNamed() {
    let changes: [(inout FrontEndSettings) -> Void] = [
      { $0.sampleRate = 44100 }, { $0.frameLength = 0 }, { $0.hop = 0 }, { $0.hop = 1025 }, { $0.hop = 200 },
      { $0.coefficients = 12 }, { $0.melBands = 1 << 40 },
      { $0.coefficients = 129 }, { $0.lowHz = 8000 }, { $0.highHz = .nan }, { $0.highHz = 9000 }, { $0.logFloor = 0 },
      { $0.clip = .infinity }, { $0.level.stepSize = 0 }, { $0.level.percentile = 1 },
      { $0.standardisation = Standardisation(mean: [0], reciprocalDeviation: [1]) },
      {
        $0.standardisation = Standardisation(
          mean: Array(repeating: 0, count: 40), reciprocalDeviation: Array(repeating: -1, count: 40))
      },
    ]
    for change in changes {
      var settings = FrontEndSettings.report
      change(&settings)
      #expect(settings.defect() != nil)
    }
  }

  /// A warp of the frequency axis moves energy between bands but keeps every band inside the spectrum.
  @Test(arguments: [0.85, 0.92, 1.08, 1.15])
  func vocalTractWarpChangesTheFrames(warp: Double) {
    let samples = SyntheticSignal.harmonics.samples(seconds: 2)
    let plain = FeatureStream.frames(of: samples, settings: .report)
    let warped = FeatureStream.frames(of: samples, settings: .report, vocalTractWarp: warp)
    #expect(plain.count == warped.count && plain != warped)
    #expect(warped.allSatisfy { $0.isFinite })
  }
}
