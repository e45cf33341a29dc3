import SerdFeatures
import SerdTestKit
import SerdTraining
import Testing

/// Windows prepared as the original code does.
@Suite struct PreparationTests {
  /// Percentiles by hand: of 0, 1 … 1000 the 99.9th is 999; of two values it lies between them.
  @Test("The original preparation levels by the percentile, cuts off what exceeds it and pads with zeros")
  func theOriginalPreparationLevelsCutsOffAndPads() {
    let ramp = (0...1000).map { Float($0 % 2 == 0 ? $0 : -$0) }
    let window = Preparation.original.window(of: ramp, samples: 1006)
    #expect(Array(window[..<2]) == [0, 0] && Array(window[1003...]) == [0, 0, 0])
    #expect(window[2 + 999] == -1 && window[2 + 1000] == 1, "what exceeds the percentile is cut off")
    #expect(abs(window[2 + 500] - 500.0 / 999) < 1e-6)
    #expect(abs(Preparation.percentile(0.999, of: [1, -3]) - 2.998) < 1e-6)
    #expect(Preparation.original.window(of: [], samples: 3) == [0, 0, 0])
    #expect(Preparation.original.window(of: [0, 0], samples: 3) == [0, 0, 0], "silence stays silence")
    #expect(Preparation.original.window(of: ramp, samples: 4).count == 4)
  }

  @Test("Prepared features are the same for a loud clip and a faint one, and tested as trained")
  func preparedFeaturesHaveNoGainOfTheirOwn() throws {
    let scratch = try ScratchFolder()
    let voice = SyntheticCorpus.voice(pitch: 120, rate: 9, seconds: 0.2)
    let corpus = try FeatureSetTests.corpus(scratch, [(voice, 16000), (voice.map { $0 * 0.01 }, 16000)])
    var settings = FeatureSetTests.settings(frontEnd: .paper)
    settings.preparation = .original
    let features = try FeatureSet(of: corpus, settings: settings)
    let (loud, faint) = (FeatureSetTests.window(features, 0), FeatureSetTests.window(features, 1))
    #expect(relativeError(faint, loud) < 1e-3, "the level is out")
    #expect(features.versions == 1)
    #expect(FeatureSetTests.window(features, 0, version: features.evaluationVersion) == loud, "tested as trained")
    // Zeros around it: the first frame is all floor, whose c0 is far below the clip.
    #expect(loud[0] < -100)
  }
}
