import Foundation
import SerdLearning
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// Fitting a temperature.
@Suite struct TemperatureTests {
  /// Decisions of known calibration: logits drawn, labels drawn from softmax(logits), probabilities given as
  /// softmax(factor · logits).
  static func decisions(_ count: Int, factor: Float) -> [Decision] {
    var generator = SeededGenerator(seed: 5)
    return (0..<count).map { index in
      var logits = (0..<5).map { _ in 2 * generator.gaussian() }
      var probabilities = logits
      Softmax.apply(&probabilities)
      var rest = generator.uniform()
      let truth = probabilities.firstIndex { probability in
        rest -= probability
        return rest < 0
      }
      logits = logits.map { factor * $0 }
      Softmax.apply(&logits)
      return Decision(recording: "\(index)", speaker: "\(index % 7)", truth: truth ?? 4, probabilities: logits)
    }
  }

  /// Logits that are four times too large need the temperature 4. With 4000 decisions its standard error is about 2 %.
  @Test("The temperature that was put in is found", arguments: [Float(0.5), 1, 4])
  func findsTheTemperatureThatWasPutIn(factor: Float) {
    let temperature = TemperatureScaling.temperature(of: Self.decisions(4000, factor: factor))
    #expect(abs(temperature / factor - 1) < 0.1, "\(temperature)")
  }

  @Test("Calibrated decisions are the same, and as sure as they are right")
  func calibratedDecisionsAreCalibrated() {
    let decisions = Self.decisions(4000, factor: 4)
    let temperature = TemperatureScaling.temperature(of: decisions)
    let cooled = TemperatureScaling.scaled(decisions, by: temperature)
    #expect(cooled.map(\.prediction) == decisions.map(\.prediction))
    #expect(cooled.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-5 })
    let silent = Decision(recording: "", speaker: "", truth: 0, probabilities: [])
    #expect(TemperatureScaling.scaled([silent], by: 2) == [silent])
    let (before, after) = (Reliability(decisions: decisions), Reliability(decisions: cooled))
    #expect(before.expectedCalibrationError > 0.15 && after.expectedCalibrationError < 0.03)
    #expect(before.overconfidence > 0.15 && abs(after.overconfidence) < 0.03)
  }

  @Test("Decisions that are all right or all wrong give temperatures within the limits, and none give 1")
  func extremesStayWithinTheLimits() {
    func decision(_ truth: Int) -> Decision {
      Decision(recording: "", speaker: "", truth: truth, probabilities: [0.9, 0.1])
    }
    #expect(TemperatureScaling.temperature(of: []) == 1)
    #expect(
      TemperatureScaling.temperature(of: [Decision(recording: "", speaker: "", truth: 0, probabilities: [])]) == 1)
    let limits = ModelDescription.temperatures
    for (truth, limit) in [(0, limits.lowerBound), (1, limits.upperBound)] {
      let temperature = TemperatureScaling.temperature(of: [decision(truth)])
      #expect(abs(temperature / limit - 1) < 1e-3 && limits.contains(temperature))
    }
  }

}
