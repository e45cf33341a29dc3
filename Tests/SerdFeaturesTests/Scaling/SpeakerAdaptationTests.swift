import Glibc
import SerdFeatures
import SerdTestKit
import Testing

@Suite struct SpeakerAdaptationTests {
  private static let frames = 40

  private static func settings(priorFrames: Int = 100, memoryFrames: Int = 1000) -> FrontEndSettings {
    var settings = FrontEndSettings.report
    settings.standardisation = Standardisation(
      mean: (0..<40).map { Float($0) / 10 }, reciprocalDeviation: Array(repeating: 0.5, count: 40))
    settings.adaptation = SpeakerAdaptation()
    settings.adaptation!.priorFrames = priorFrames
    settings.adaptation!.memoryFrames = memoryFrames
    return settings
  }

  /// Frames of a voice with this mean of every coefficient, spread ±1.
  private static func voice(mean: Float, seed: UInt64, frames: Int = frames) -> [Float] {
    var generator = TestGenerator(seed: seed)
    return (0..<frames * 40).map { _ in mean + Float.random(in: -1...1, using: &generator) }
  }

  /// What `body` makes of a window of these values.
  private static func withWindow<Result>(
    _ values: [Float], gainStep: Int = 0, _ body: (FeatureWindow) -> Result
  ) -> Result {
    values.withUnsafeBufferPointer {
      body(
        FeatureWindow(
          firstFrame: 0, frameCount: values.count / 40, coefficientCount: 40, coefficients: $0.baseAddress!, level: -20,
          gainStep: gainStep))
    }
  }

  /// Means and deviations after a window.
  private static func hear(
    _ running: RunningStandardisation, _ values: [Float], gainStep: Int = 0, newest: Int = frames
  ) -> (mean: [Float], deviation: [Float], number: Int) {
    withWindow(values, gainStep: gainStep) { window in
      let adapted = running.hear(window, newest: newest).standardisation!
      return (
        (0..<40).map { adapted.values[$0] }, (0..<40).map { 1 / adapted.values[40 + $0] }, adapted.number
      )
    }
  }

  @Test("Only a front end that adapts has a running standardisation, and needs a prior for it")
  func onlyAFrontEndThatAdaptsHasOne() throws {
    #expect(RunningStandardisation(settings: .report) == nil)
    var settings = Self.settings()
    #expect(settings.defect() == nil)
    settings.standardisation = nil
    #expect(RunningStandardisation(settings: settings) == nil)
    #expect(settings.defect() != nil)
    for (prior, memory) in [(0, 1000), (100, 0), (1 << 30, 1000)] {
      #expect(Self.settings(priorFrames: prior, memoryFrames: memory).defect() != nil)
    }
  }

  /// The definition, in double precision over all frames and the prior.
  @Test("Means and deviations are those of the prior and the frames that were heard")
  func valuesAreThoseOfThePriorAndTheFramesHeard() throws {
    let settings = Self.settings()
    let running = try #require(RunningStandardisation(settings: settings))
    let values = Self.voice(mean: 3, seed: 1)
    let result = Self.hear(running, values)
    for k in 0..<40 {
      let own = (0..<Self.frames).map { Double(values[$0 * 40 + k]) }
      let priorMean = Double(settings.standardisation!.mean[k])
      let count = Double(Self.frames + 100)
      let mean = (own.reduce(0, +) + 100 * priorMean) / count
      let square = (own.map { $0 * $0 }.reduce(0, +) + 100 * (priorMean * priorMean + 4)) / count
      #expect(abs(Double(result.mean[k]) - mean) < 1e-5)
      #expect(abs(Double(result.deviation[k]) - (square - mean * mean).squareRoot()) < 1e-5)
    }
  }

  @Test("Much speech outweighs the prior, and another speaker is followed")
  func muchSpeechOutweighsThePriorAndAnotherSpeakerIsFollowed() throws {
    let running = try #require(RunningStandardisation(settings: Self.settings()))
    var result = Self.hear(running, Self.voice(mean: 3, seed: 2))
    for seed in UInt64(3)..<100 { result = Self.hear(running, Self.voice(mean: 3, seed: seed)) }
    #expect(result.mean.allSatisfy { abs($0 - 3) < 0.35 })
    for seed in UInt64(100)..<300 { result = Self.hear(running, Self.voice(mean: -2, seed: seed)) }
    #expect(result.mean.allSatisfy { abs($0 + 2) < 0.5 }, "\(result.mean)")
  }

  /// Pauses and padding say nothing of a voice, frames heard before are not heard twice, and gain raises c0 only.
  @Test("Only frames that are new and loud count, and the gain moves c0 alone")
  func onlyNewLoudFramesCountWithTheirGain() throws {
    let loud = Self.voice(mean: 3, seed: 4)
    let quiet = (0..<Self.frames * 40).map { Float($0 % 40 == 0 ? -80 : 50) }
    func mean(_ values: [Float], gainStep: Int = 0, newest: Int) throws -> [Float] {
      Self.hear(
        try #require(RunningStandardisation(settings: Self.settings())), values, gainStep: gainStep, newest: newest
      ).mean
    }
    let expected = try mean(loud, newest: Self.frames)
    #expect(try mean(quiet + loud, newest: Self.frames) == expected)
    #expect(try mean(loud + quiet, newest: Self.frames) == Self.settings().standardisation!.mean)
    #expect(try mean(quiet + loud, newest: 2 * Self.frames) == expected)
    let raised = try mean(loud, gainStep: 4, newest: Self.frames)
    let offset = InputScaling.c0Offset(decibels: 6, settings: .report) * Float(Self.frames) / Float(Self.frames + 100)
    #expect(abs(raised[0] - expected[0] - offset) < 1e-4 && raised[1...] == expected[1...])
  }

  /// Each change costs a classifier what it has kept.
  @Test("The values change seldom, as each change costs what a classifier has kept")
  func valuesChangeSeldom() throws {
    let running = try #require(RunningStandardisation(settings: Self.settings(memoryFrames: 100_000)))
    var changes: [Int] = []
    var last = -1
    for hop in 0..<1000 {
      let number = Self.hear(running, Self.voice(mean: 1, seed: UInt64(hop), frames: 32), newest: 32).number
      if number != last { changes.append(hop) }
      last = number
    }
    #expect(changes.first == 0)
    #expect((20...40).contains(changes.count), "\(changes)")
  }

  /// A stream's values follow from what was heard, not from what comes later.
  @Test("What was heard gives the same values each time")
  func itIsCausal() throws {
    let first = try #require(RunningStandardisation(settings: Self.settings()))
    let second = try #require(RunningStandardisation(settings: Self.settings()))
    for seed in UInt64(0)..<20 {
      let (a, b) = (
        Self.hear(first, Self.voice(mean: 3, seed: seed)), Self.hear(second, Self.voice(mean: 3, seed: seed))
      )
      #expect(a.mean == b.mean && a.deviation == b.deviation && a.number == b.number)
    }
  }

  @Test("Scaling with adapted values is scaling by a model that has them as its own")
  func scalingWithAdaptedValuesIsScalingByThem() throws {
    let settings = Self.settings()
    let running = try #require(RunningStandardisation(settings: settings))
    let values = Self.voice(mean: 3, seed: 5)
    let (mean, deviation, _) = Self.hear(running, values)
    var plain = settings
    plain.standardisation = Standardisation(mean: mean, reciprocalDeviation: deviation.map { 1 / $0 })
    var (adapted, expected) = ([Float](repeating: 0, count: 40), [Float](repeating: 0, count: 40))
    Self.withWindow(values) { window in
      let heard = running.hear(window, newest: 0)
      InputScaling(settings: settings).apply(
        window.coefficients, gainStep: 2, adapted: heard.standardisation, into: &adapted)
      InputScaling(settings: plain).apply(window.coefficients, gainStep: 2, into: &expected)
    }
    for k in 0..<40 { #expect(abs(adapted[k] - expected[k]) < 1e-5) }
    #expect(adapted != values[..<40].map { $0 })
  }
}
