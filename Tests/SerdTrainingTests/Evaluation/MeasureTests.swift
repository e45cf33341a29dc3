import SerdLearning
import SerdTraining
import Testing

/// Measures against examples worked by hand.
@Suite struct MeasureTests {
  // said a: a a b; said b: b b b a; said c: c a; nobody said d.
  static let matrix = ConfusionMatrix(
    classes: 4, truths: [0, 0, 0, 1, 1, 1, 1, 2, 2], predictions: [0, 0, 1, 1, 1, 1, 0, 2, 0])

  private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-12 }

  @Test("Counts and recalls are those worked by hand; a class that nobody said has no recall")
  func countsAndRecalls() {
    #expect(Self.matrix.counts == [[2, 1, 0, 0], [1, 3, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]])
    #expect(Self.matrix.total == 9)
    #expect(Self.matrix.recalls == [2.0 / 3, 0.75, 0.5, nil])
  }

  @Test("Accuracies and F1 are those worked by hand; a class that nobody said counts for nothing")
  func accuraciesAndF1() {
    #expect(isNear(Self.matrix.weightedAccuracy, 6.0 / 9))
    #expect(
      isNear(Self.matrix.unweightedAccuracy, (2.0 / 3 + 0.75 + 0.5) / 3),
      "the class that nobody said counts for nothing")
    // F1 = 2 · hits / (said + heard): 4/7, 6/8, 2/3.
    let f1 = [4.0 / 7, 0.75, 2.0 / 3]
    #expect(zip(Self.matrix.f1s, f1).allSatisfy { isNear($0 ?? -1, $1) } && Self.matrix.f1s[3] == nil)
    #expect(isNear(Self.matrix.macroF1, f1.reduce(0, +) / 3))
    #expect(isNear(Self.matrix.weightedF1, (3 * f1[0] + 4 * f1[1] + 2 * f1[2]) / 9))
  }

  @Test("A class that is heard but never said counts in macro F1, but not in unweighted accuracy")
  func aClassThatIsHeardButNotSaidCountsInMacroF1() {
    var matrix = ConfusionMatrix(classes: 2)
    matrix.add(truth: 0, prediction: 0)
    matrix.add(truth: 0, prediction: 1)
    #expect(matrix.f1s == [2.0 / 3, 0] && isNear(matrix.macroF1, 1.0 / 3) && isNear(matrix.weightedF1, 2.0 / 3))
    #expect(matrix.unweightedAccuracy == 0.5)
  }

  @Test("Without decisions every measure is zero")
  func noDecisionsAreNotANumber() {
    let empty = ConfusionMatrix(classes: 3)
    #expect([empty.weightedAccuracy, empty.unweightedAccuracy, empty.macroF1, empty.weightedF1] == [0, 0, 0, 0])
  }

  @Test("A recording in which no speech was heard counts as an error whatever was said")
  func aRecordingWithoutSpeechIsAlwaysAnError() {
    for truth in 0..<3 {
      let decision = Decision(recording: "", speaker: "", truth: truth, probabilities: [])
      #expect(decision.prediction != truth && (0..<3).contains(decision.prediction))
    }
    #expect(Decision(recording: "", speaker: "", truth: 0, probabilities: [0.2, 0.5, 0.3]).prediction == 1)
  }
}

/// The bootstrap over speakers.
@Suite struct IntervalTests {
  /// Twenty decisions of each speaker, of which speaker s has 9, 12 or 18 right.
  static func decisions(speakers: Int) -> [Decision] {
    (0..<speakers).flatMap { speaker in
      (0..<20).map { index in
        let isRight = index < [9, 18, 12][speaker % 3]
        let truth = index % 2
        let right: [Float] = truth == 0 ? [0.9, 0.1] : [0.1, 0.9]
        return Decision(
          recording: "\(index)", speaker: "s\(speaker)", truth: truth, probabilities: isRight ? right : right.reversed()
        )
      }
    }
  }

  static func interval(_ decisions: [Decision], seed: UInt64 = 1) -> Interval {
    Interval(decisions: decisions, classes: 2, seed: seed) { $0.weightedAccuracy }
  }

  @Test("An interval contains its value and is as wide as the speakers' standard error makes it")
  func containsItsValue() {
    let interval = Self.interval(Self.decisions(speakers: 9))
    #expect(abs(interval.value - 13.0 / 20) < 1e-12)
    #expect(interval.low < interval.value && interval.value < interval.high)
    // Mean of nine speakers with a deviation of 3.74/20: its standard error is 0.0624.
    #expect(abs((interval.high - interval.low) / (2 * 1.96 * 0.0624) - 1) < 0.1)
  }

  @Test("The interval of a single speaker has no width")
  func oneSpeakerHasNoWidth() {
    let interval = Self.interval(Self.decisions(speakers: 1))
    #expect(interval.low == 0.45 && interval.value == 0.45 && interval.high == 0.45)
  }

  @Test("Fewer speakers make the interval wider")
  func fewerSpeakersMakeItWider() {
    let widths = [3, 9, 30].map { count in
      let interval = Self.interval(Self.decisions(speakers: count))
      return interval.high - interval.low
    }
    #expect(widths[0] > widths[1] && widths[1] > widths[2])
  }

  @Test("An interval depends on its seed alone, not on the order of the decisions")
  func dependsOnTheSeedAlone() {
    let decisions = Self.decisions(speakers: 9)
    #expect(Self.interval(decisions) == Self.interval(decisions))
    #expect(Self.interval(decisions) == Self.interval(decisions.reversed()), "and not on the order")
    let others = (2...6).map { Self.interval(decisions, seed: $0) }
    #expect(others.contains { $0.low != others[0].low || $0.high != others[0].high })
  }

  @Test("Several seeds of a run do not make the interval narrower")
  func severalSeedsOfARunDoNotMakeItNarrower() {
    let once = Self.decisions(speakers: 9)
    #expect(Self.interval(once + once + once) == Self.interval(once))
  }

  /// By the definition: every resample is a pass over all decisions of the speakers drawn. The tables of the model
  /// cards were made so.
  @Test("An interval is that of the definition: resamples of whole speakers, cut off at both ends")
  func isThatOfTheDefinition() {
    let decisions = Self.decisions(speakers: 10)
    let bySpeaker = Dictionary(grouping: decisions, by: \.speaker).sorted { $0.key < $1.key }.map(\.value)
    for measure in [{ $0.unweightedAccuracy }, { $0.macroF1 }] as [(ConfusionMatrix) -> Double] {
      var generator = SeededGenerator(seed: 1)
      let values = (0..<2000).map { _ in
        measure(
          bySpeaker.indices.flatMap { _ in bySpeaker[Int.random(in: bySpeaker.indices, using: &generator)] }.matrix(2))
      }.sorted()
      let interval = Interval(decisions: decisions, classes: 2, measure: measure)
      #expect(interval.value == measure(decisions.matrix(2)))
      #expect(interval.low == values[50] && interval.high == values[1950])
    }
  }

  @Test("The interval of no decisions is zero")
  func noDecisionsGiveNothing() {
    let interval = Self.interval([])
    #expect(interval.value == 0 && interval.low == 0 && interval.high == 0)
  }
}
