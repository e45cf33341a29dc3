import SerdFeatures
import SerdLearning
import SerdTraining
import Testing

/// Augmentation on features changes what it says, by no more than it says.
@Suite struct AugmentationTests {
  static let (frames, coefficients) = (30, 40)
  static let standardisation = Standardisation(
    mean: (0..<40).map { Float($0) * 0.1 - 2 }, reciprocalDeviation: (0..<40).map { 1 / (1 + Float($0) * 0.05) })
  static let window: [Float] = {
    var generator = SeededGenerator(seed: 3)
    return (0..<frames * coefficients).map { _ in 3 * generator.gaussian() + 5 }
  }()
  /// The window standardised: what augmentation starts from.
  static let plain = window.enumerated().map { index, value in
    (value - standardisation.mean[index % 40]) * standardisation.reciprocalDeviation[index % 40]
  }

  static func write(_ augmentation: Augmentation, _ generator: inout SeededGenerator) -> [Float] {
    var output = [Float](repeating: .nan, count: window.count)
    augmentation.write(
      window, into: &output, frames: frames, settings: .report, standardisation: standardisation, generator: &generator)
    return output
  }

  /// Many draws of an augmentation.
  static func draws(count: Int = 300, _ change: (inout Augmentation) -> Void) -> [[Float]] {
    var augmentation = Augmentation()
    change(&augmentation)
    var generator = SeededGenerator(seed: 5)
    return (0..<count).map { _ in write(augmentation, &generator) }
  }

  static func row(_ values: [Float], _ frame: Int) -> [Float] { Array(values[frame * 40..<(frame + 1) * 40]) }
  static func column(_ values: [Float], _ k: Int) -> [Float] {
    stride(from: k, to: values.count, by: 40).map { values[$0] }
  }

  @Test("With nothing turned on a window is standardised and no more")
  func nothingTurnedOnIsPlainStandardisation() {
    #expect(Self.draws(count: 1) { _ in }[0] == Self.plain)
  }

  @Test("A roll shifts the frames in a circle, by every distance within its reach and by no other")
  func rollShiftsInACircleWithinItsReach() {
    let shifts = Self.draws { $0.roll = 4 }.map { output in
      (-4...4).first { shift in
        (0..<Self.frames).allSatisfy {
          Self.row(output, $0) == Self.row(Self.plain, ($0 + shift + Self.frames) % Self.frames)
        }
      }
    }
    #expect(!shifts.contains(nil), "every draw is a shift by at most 4")
    #expect(Set(shifts).count == 9, "and all of them occur")
  }

  @Test("Time masks clear spans of frames, as many and as long as allowed, and touch no other frame")
  func timeMasksClearSpansOfFrames() {
    var largest = 0
    for output in Self.draws({
      $0.timeMasks = 2; $0.timeMaskFrames = 5
    }) {
      let masked = (0..<Self.frames).filter { Self.row(output, $0).allSatisfy { $0 == 0 } }
      let spans = masked.filter { !masked.contains($0 - 1) }.count
      #expect(masked.count <= 10 && spans <= 2)
      #expect((0..<Self.frames).allSatisfy { masked.contains($0) || Self.row(output, $0) == Self.row(Self.plain, $0) })
      largest = max(largest, masked.count)
    }
    #expect(largest == 10)
  }

  @Test("A coefficient mask clears one span of coefficients, up to its width, and touches no other")
  func coefficientMasksClearSpansOfCoefficients() {
    var largest = 0
    for output in Self.draws({
      $0.coefficientMasks = 1; $0.coefficientMaskWidth = 6
    }) {
      let masked = (0..<40).filter { Self.column(output, $0).allSatisfy { $0 == 0 } }
      #expect(masked.count <= 6 && masked == Array((masked.first ?? 0)..<(masked.first ?? 0) + masked.count))
      #expect((0..<40).allSatisfy { masked.contains($0) || Self.column(output, $0) == Self.column(Self.plain, $0) })
      largest = max(largest, masked.count)
    }
    #expect(largest == 6)
  }

  /// Lengths beyond the window are cut to it.
  @Test("Masks and rolls that are longer than the window leave every value finite")
  func masksAndRollsAsLongAsTheWindowAreSafe() {
    let outputs = Self.draws {
      $0.timeMasks = 1
      $0.timeMaskFrames = 500
      $0.coefficientMasks = 1
      $0.coefficientMaskWidth = 500
      $0.roll = 500
    }
    #expect(outputs.allSatisfy { $0.allSatisfy { $0.isFinite } })
  }

  @Test("Gain jitter moves c0 of all frames alike, within its range, and nothing else")
  func gainJitterMovesC0ByAConstantWithinItsRange() {
    let limit = InputScaling.c0Offset(decibels: 6, settings: .report) * Self.standardisation.reciprocalDeviation[0]
    let offsets = Self.draws { $0.gainJitter = 6 }.map { output -> Float in
      let differences = zip(Self.column(output, 0), Self.column(Self.plain, 0)).map { $0 - $1 }
      #expect(differences.allSatisfy { abs($0 - differences[0]) < 1e-4 })
      #expect((1..<40).allSatisfy { Self.column(output, $0) == Self.column(Self.plain, $0) })
      return differences[0]
    }
    #expect(
      offsets.allSatisfy { abs($0) <= limit * 1.0001 } && offsets.max()! > 0.9 * limit && offsets.min()! < -0.9 * limit)
  }

  @Test("Tilt moves c1 to c3 by its deviation, alike in all frames, and nothing else")
  func tiltMovesC1ToC3() {
    var squares = 0.0
    let outputs = Self.draws { $0.tilt = 0.2 }
    for output in outputs {
      for k in 0..<40 {
        let differences = zip(Self.column(output, k), Self.column(Self.plain, k)).map { $0 - $1 }
        if (1...3).contains(k) {
          #expect(differences.allSatisfy { abs($0 - differences[0]) < 1e-4 })
          squares += Double(differences[0] * differences[0])
        } else {
          #expect(differences.allSatisfy { $0 == 0 })
        }
      }
    }
    // 900 draws: the standard error of the deviation is 2.4 %.
    #expect(abs((squares / Double(3 * outputs.count)).squareRoot() / 0.2 - 1) < 0.1)
  }

  @Test("Noise has the deviation that was asked for, and a mean of zero")
  func noiseHasItsDeviationAndNoMean() {
    let differences = Self.draws(count: 20) { $0.noise = 0.05 }.flatMap { zip($0, Self.plain).map { Double($0 - $1) } }
    let count = Double(differences.count)
    let mean = differences.reduce(0, +) / count
    let deviation = (differences.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    // 24,000 draws: standard errors of 0.0003 and 0.5 %.
    #expect(abs(mean) < 0.0015 && abs(deviation / 0.05 - 1) < 0.03)
  }

  /// Samples that are unit vectors show which share of which sample is in the mix.
  @Test("Mixup mixes inputs and targets by the same share, and every sample keeps its weight in the batch")
  func mixupMixesInputsAndTargetsByOneShare() {
    var augmentation = Augmentation()
    augmentation.mixup = 0.3
    var generator = SeededGenerator(seed: 6)
    let count = 6
    let unit = (0..<count * count).map { Float($0 / count == $0 % count ? 1 : 0) }
    var shares: [Float] = []
    for _ in 0..<200 {
      var (inputs, targets, asked) = (unit, unit, unit)
      augmentation.mix(&inputs, &targets, &asked, count: count, generator: &generator)
      #expect(inputs == targets && asked == targets)
      for sample in 0..<count {
        let row = Array(inputs[sample * count..<(sample + 1) * count])
        #expect(abs(row.reduce(0, +) - 1) < 1e-6 && row.filter { $0 != 0 }.count <= 2 && row.allSatisfy { $0 >= 0 })
        if row[sample] < 1 { shares.append(row[sample]) }
      }
      // Every sample is in the batch with the same weight in all: once as own, once as partner.
      for sample in 0..<count {
        var sum: Float = 0
        for row in 0..<count { sum += inputs[row * count + sample] }
        #expect(abs(sum - 1) < 1e-6)
      }
    }
    // Beta(0.3, 0.3) has the mean 1/2 and leans to both ends.
    #expect(shares.contains { $0 < 0.05 } && shares.contains { $0 > 0.95 })
    #expect(abs(shares.reduce(0, +) / Float(shares.count) - 0.5) < 0.12)
  }

  @Test("Mixup that is turned off, or of a single sample, changes nothing and draws nothing")
  func mixupOfOneOrTurnedOffChangesNothing() {
    var generator = SeededGenerator(seed: 6)
    let before = generator
    for (mixup, count) in [(Float(0), 4), (0.3, 1)] {
      var augmentation = Augmentation()
      augmentation.mixup = mixup
      var (inputs, targets): ([Float], [Float]) = ([1, 2, 3, 4], [4, 3, 2, 1])
      var asked: [Float] = [1, 0, 1, 1]
      augmentation.mix(&inputs, &targets, &asked, count: count, generator: &generator)
      #expect(asked == [1, 0, 1, 1] && inputs == [1, 2, 3, 4] && targets == [4, 3, 2, 1] && generator == before)
    }
  }
}
