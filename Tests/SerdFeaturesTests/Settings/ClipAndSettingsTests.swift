import FoundationEssentials
import SerdFeatures
import SerdTestKit
import Testing

@Suite struct ClipPaddingTests {
  @Test("Digital silence is trimmed at both ends of a clip and nowhere else")
  func digitalSilenceIsTrimmedAtBothEndsOnly() {
    let clip: [Float] = [0, 1e-6, 0.5, 0, 0, -0.25, 0, 0]
    #expect(Array(ClipPadding.trimmed(clip)) == [0.5, 0, 0, -0.25])
    #expect(ClipPadding.trimmed([0, 0, 0]).isEmpty)
    #expect(ClipPadding.trimmed([]).isEmpty)
  }

  @Test("Padding is noise 55 dB below the peak, on both sides alike and always the same")
  func paddingIsCentredLowNoiseAndAlwaysTheSame() {
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

  /// A clip to be classified has the same floor around it and under it.
  @Test("The noise floor under a recording is the same as around it")
  func noiseFloorLiesUnderTheWholeRecording() {
    let clip = SyntheticSignal.harmonics.samples(seconds: 2)[..<16000]
    let placed = ClipPadding.placed(clip, in: 32000)
    #expect(placed[..<8000].allSatisfy { $0 == 0 } && placed[8000..<24000].elementsEqual(clip))
    var samples = placed
    var floor = NoiseFloor(peak: NoiseFloor.peak(of: clip))
    floor.lay(under: &samples)
    #expect(samples[..<8000].elementsEqual(ClipPadding.padded(clip, to: 32000)[..<8000]))
    let noise = zip(samples, placed).map { $0 - $1 }
    let rms = (noise[8000..<24000].reduce(0) { $0 + $1 * $1 } / 16000).squareRoot()
    #expect(abs(rms / NoiseFloor.peak(of: clip) - 0.00178) < 0.0001)
  }

  /// However a recording is cut into chunks; a louder part raises the floor from there on, not before.
  @Test("The noise floor rises from a louder part on, however the recording is cut")
  func noiseFloorFollowsThePeak() {
    let samples = [Float](repeating: 0.01, count: 500) + [Float](repeating: 1, count: 500)
    var whole = samples
    var floor = NoiseFloor(peak: 0)
    floor.lay(under: &whole)
    var pieces: [Float] = []
    var second = NoiseFloor(peak: 0)
    for start in stride(from: 0, to: 1000, by: 130) {
      var piece = Array(samples[start..<min(1000, start + 130)])
      second.lay(under: &piece)
      pieces += piece
    }
    #expect(whole == pieces)
    let noise = zip(whole, samples).map { abs($0 - $1) }
    #expect(noise[..<500].max()! < 4e-5 && noise[500...].max()! > 1e-3)
    var silence = [Float](repeating: 0, count: 100)
    var none = NoiseFloor(peak: 0)
    none.lay(under: &silence)
    #expect(silence.allSatisfy { $0 == 0 }, "silence stays silence")
  }
}

@Suite struct FrontEndSettingsTests {
  @Test("The presets have no defect, survive JSON and have the documented numbers of frames")
  func presetsAreSoundAndSurviveJSON() throws {
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

  @Test("Settings that no front end can have are called defective")
  func impossibleSettingsAreNamed() {
    let changes: [(inout FrontEndSettings) -> Void] = [
      { $0.sampleRate = 44100 }, { $0.frameLength = 0 }, { $0.frameLength = 480 },
      { $0.frameLength = 128 }, { $0.frameLength = 16384 }, { $0.hop = 0 }, { $0.hop = 1025 }, { $0.hop = 200 },
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
}
