import Glibc
import SerdFeatures
import SerdTestKit
import Testing

@Suite struct LevelTests {
  private func window(of samples: [Float], check: (FeatureWindow) -> Void) {
    var settings = FrontEndSettings.report
    settings.offsetMemory = 0
    let stream = FeatureStream(mfcc: MFCC(settings: settings), windowFrames: settings.frames(inSamples: samples.count))
    samples.withUnsafeBufferPointer { stream.push($0) { _ in } }
    check(stream.window())
  }

  /// The percentile over all samples, computed by sorting: the speech here is everywhere equally loud.
  @Test("The level is the 99.9th percentile of the samples", arguments: [1.0, 0.1, 0.01] as [Float])
  func levelIsThe999thPermille(amplitude: Float) {
    let samples = SyntheticSignal.noise.samples(seconds: 2).map { $0 * amplitude }
    let speech = samples.filter { $0 != 0 }.map(abs).sorted()
    let exact = 20 * log10f(speech[Int(Double(speech.count) * 0.999)])
    window(of: samples) { #expect(abs($0.level - exact) < 0.2, "\($0.level) dB, sorted \(exact) dB") }
  }

  /// Quiet parts do not dilute the percentile: half a second of speech in two seconds has the level of two seconds of
  /// it.
  @Test("Quiet around speech does not move the level")
  func silenceAroundSpeechDoesNotMoveTheLevel() {
    let loud = SyntheticSignal.harmonics.samples(seconds: 2)
    var mostlyQuiet = [Float](repeating: 0.0001, count: 32000)
    mostlyQuiet.replaceSubrange(12800..<25600, with: loud[12800..<25600])
    var levels: [Float] = []
    window(of: loud) { levels.append($0.level) }
    window(of: mostlyQuiet) { levels.append($0.level) }
    #expect(abs(levels[0] - levels[1]) < 0.75)
  }

  @Test("Gain steps follow the level with hysteresis, within their limits")
  func gainStepsHaveHysteresis() {
    var gain = GainControl(settings: LevelSettings())
    #expect(gain.update(level: -6) == 4)
    #expect(gain.update(level: -7.4) == 4)  // within 1.5 dB of the present step
    #expect(gain.update(level: -4.6) == 4)
    #expect(gain.update(level: -7.6) == 5)
    #expect(gain.update(level: -6.1) == 5)  // the way back has hysteresis too
    #expect(gain.update(level: -200) == 40)  // limited
    #expect(gain.update(level: 12) == -8)
  }

  /// A gain g on the samples moves c0 by 16 ln g and the rest nearly not; the gain step takes that back.
  @Test("The gain step undoes a change of the level", arguments: [-12.0, -24.0, -39.0])
  func gainStepUndoesALevelChange(decibels: Double) {
    let samples = SyntheticSignal.harmonics.samples(seconds: 2)
    let quiet = samples.map { $0 * Float(pow(10, decibels / 20)) }
    let scaling = InputScaling(settings: .report)
    func input(_ samples: [Float]) -> [Float] {
      var result = [Float](repeating: 0, count: 122 * 40)
      window(of: samples) { window in
        for t in 0..<122 {
          result.withUnsafeMutableBufferPointer {
            scaling.apply(window.coefficients + t * 40, gainStep: window.gainStep, into: $0.baseAddress! + t * 40)
          }
        }
      }
      return result
    }
    let differences = zip(input(samples), input(quiet)).map { abs($0 - $1) }.sorted()
    #expect(differences[differences.count * 95 / 100] < 0.4)
  }

  @Test("A neper is an offset of 16 on c0, and of 32 with a power spectrum")
  func c0OffsetIsSixteenNepers() {
    #expect(abs(InputScaling.c0Offset(decibels: 20 / M_LN10, settings: .report) - 16) < 1e-4)
    var power = FrontEndSettings.report
    power.spectrum = .power
    #expect(abs(InputScaling.c0Offset(decibels: 20 / M_LN10, settings: power) - 32) < 1e-4)
  }
}

@Suite struct LevelMeterTests {
  /// Blocks of very different levels, so that speech starts and ends in every window.
  private func blocks(_ count: Int, length: Int, seed: UInt64) -> [[Float]] {
    var generator = TestGenerator(seed: seed)
    var level: Float = -20
    return (0..<count).map { _ in
      level = max(-150, min(10, level + Float.random(in: -12...12, using: &generator)))
      let amplitude = pow(10, level / 20)
      return (0..<length).map { _ in amplitude * Float.random(in: -1...1, using: &generator) }
    }
  }

  @Test(
    "The level of the last blocks is that of their plain histogram",
    arguments: [(256, 188, 0.999), (256, 5, 0.999), (125, 20, 0.51), (16, 31, 0.97)])
  func levelIsThatOfTheHistogram(length: Int, capacity: Int, percentile: Double) {
    var settings = LevelSettings()
    settings.percentile = percentile
    var meter = LevelMeter(settings: settings, blockLength: length, capacity: capacity)
    let plain = PlainLevel(settings: settings)
    let blocks = blocks(3 * capacity + 40, length: length, seed: UInt64(length))
    for (index, block) in blocks.enumerated() {
      meter.push(block)
      // Now and then, of as many blocks as there are, and of fewer.
      guard index % 7 == 0 else { continue }
      for count in Set([min(index + 1, capacity), min(index + 1, 3)]) {
        let expected = plain.level(of: Array(blocks[(index + 1 - count)...index]))
        #expect(meter.level(ofLast: count) == expected, "block \(index), last \(count)")
      }
    }
  }

  @Test("Samples too faint or too loud count as the nearest step")
  func extremesCountAsTheNearestStep() {
    let settings = LevelSettings()
    for (value, decibels) in [(Float(0), Float(-144.4)), (1e-30, -144.4), (1, 0.1), (1000, 12), (-.infinity, 12)] {
      var meter = LevelMeter(settings: settings, blockLength: 32, capacity: 2)
      meter.push([Float](repeating: value, count: 32))
      #expect(abs(meter.level(ofLast: 1) - decibels) < 0.1, "\(value)")
    }
  }
}
