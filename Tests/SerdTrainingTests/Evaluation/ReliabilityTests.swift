import Foundation
import SerdTraining
import Testing

/// Calibration error against examples worked by hand.
@Suite struct ReliabilityTests {
  /// A decision of two classes for label 0 with this probability; right or wrong.
  static func decision(_ confidence: Float, isRight: Bool, speaker: String = "s") -> Decision {
    Decision(
      recording: "r", speaker: speaker, truth: isRight ? 0 : 1, probabilities: [confidence, 1 - confidence])
  }

  @Test("Bins, calibration error and overconfidence are those worked by hand")
  func binsAndErrorByHand() {
    // Bin (0.7, 0.8]: 0.75 and 0.8, one right. Bin (0.9, 1.0]: 0.95 twice, both right.
    let reliability = Reliability(decisions: [
      Self.decision(0.75, isRight: true), Self.decision(0.7999, isRight: false), Self.decision(0.95, isRight: true),
      Self.decision(0.95, isRight: true),
    ])
    #expect(reliability.bins.count == 10 && reliability.bins.map(\.count) == [0, 0, 0, 0, 0, 0, 0, 2, 0, 2])
    #expect(
      reliability.bins[7].accuracy == 0.5 && reliability.bins[9].accuracy == 1 && reliability.bins[0].accuracy == nil)
    let error = (abs(1 - 1.5499) + abs(2 - 1.9)) / 4
    #expect(abs(reliability.expectedCalibrationError - error) < 1e-6)
    #expect(abs(reliability.overconfidence - (1.5499 + 1.9 - 3) / 4) < 1e-6)
  }

  @Test("Confidences of zero and one are in a bin, and silence is in none")
  func theEndsAreInABinAndSilenceIsInNone() {
    let reliability = Reliability(decisions: [
      Self.decision(1, isRight: true), Decision(recording: "r", speaker: "s", truth: 0, probabilities: [0, 0, 0]),
      Decision(recording: "r", speaker: "s", truth: 0, probabilities: []),
    ])
    #expect(reliability.bins[9].count == 1 && reliability.bins[0].count == 1)
    #expect(reliability.bins.reduce(0) { $0 + $1.count } == 2)
    #expect(Reliability(decisions: []).expectedCalibrationError == 0)
  }

  @Test("The interval of the calibration error is over speakers")
  func intervalIsOverSpeakers() {
    // Speaker a is right where speaker b is wrong: alone each is far off, together they are calibrated.
    let decisions = (0..<10).flatMap { index in
      [
        Self.decision(0.55, isRight: index < 10, speaker: "a"), Self.decision(0.55, isRight: index < 1, speaker: "b"),
      ]
    }
    let interval = Reliability.errorInterval(decisions)
    #expect(abs(interval.value) < 1e-6 && abs(interval.low) < 1e-6 && abs(interval.high - 0.45) < 1e-6)
    #expect(Reliability.errorInterval(decisions) == interval)
  }
}
