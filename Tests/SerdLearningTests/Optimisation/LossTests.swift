import Foundation
import SerdLearning
import Testing

@Suite struct LossTests {
  static let losses = [Loss.crossEntropy, .focal(gamma: 0), .focal(gamma: 0.5), .focal(gamma: 2), .focal(gamma: 5)]

  @Test("A loss's gradients are its central differences, with weights and without", arguments: losses, [false, true])
  func gradientsAreCentralDifferences(loss: Loss, weighted: Bool) {
    let logits: [Float] = [1, -2, 0.5, 3, 3, -1, 0.25, 0, -4]
    let targets: [Float] = [0.2, 0.5, 0.3, 0, 1, 0, 0.9, 0.05, 0.05]
    let weights: [Float]? = weighted ? [0.5, 2, 0] : nil
    let value = loss.evaluate(logits: logits, targets: targets, classes: 3, weights: weights)
    for i in logits.indices {
      var (above, below) = (logits, logits)
      // A power of two, so that the step is exact in float.
      above[i] += 0x1p-10
      below[i] -= 0x1p-10
      let difference =
        loss.evaluate(logits: above, targets: targets, classes: 3, weights: weights).loss
        - loss.evaluate(logits: below, targets: targets, classes: 3, weights: weights).loss
      #expect(abs(Double(value.logitGradients[i]) - difference / 0x1p-9) < 2e-6, "logit \(i)")
    }
  }

  @Test("Cross-entropy and focal loss have the values of their definitions")
  func valuesFollowTheDefinition() {
    // Probabilities 0.75 and 0.25.
    let logits = [Float(log(3.0)), 0]
    #expect(abs(Loss.crossEntropy.evaluate(logits: logits, labels: [1], classes: 2).loss - log(4)) < 1e-6)
    let focal = Loss.focal(gamma: 2).evaluate(logits: logits, labels: [1], classes: 2).loss
    #expect(abs(focal - 0.5625 * log(4)) < 1e-6)
    let soft = Loss.crossEntropy.evaluate(logits: logits, targets: [0.5, 0.5], classes: 2).loss
    #expect(abs(soft + 0.5 * (log(0.75) + log(0.25))) < 1e-6)
  }

  @Test("Labels are targets of a single one, and weights make a weighted mean")
  func labelsAreOneHotTargetsAndWeightsAverage() {
    let logits: [Float] = [1, 2, 3, 4, 5, 7]
    let hard = Loss.focal(gamma: 2).evaluate(logits: logits, labels: [2, 0], classes: 3)
    #expect(hard == Loss.focal(gamma: 2).evaluate(logits: logits, targets: [0, 0, 1, 1, 0, 0], classes: 3))
    let second = Loss.focal(gamma: 2).evaluate(logits: Array(logits[3...]), labels: [0], classes: 3)
    let weighted = Loss.focal(gamma: 2).evaluate(logits: logits, labels: [2, 0], classes: 3, weights: [0, 4])
    #expect(weighted.loss == second.loss)
    #expect(weighted.logitGradients == [0, 0, 0] + second.logitGradients)
  }

  @Test("Losses, gradients and probabilities of extreme logits stay finite", arguments: losses)
  func extremeLogitsStayFinite(loss: Loss) {
    let value = loss.evaluate(logits: [1e4, -1e4, 0, -1e4, 1e4, 0], labels: [0, 0], classes: 3)
    #expect(value.loss.isFinite && value.loss > 0)
    #expect(value.logitGradients.allSatisfy { $0.isFinite })
    let probabilities = LogSoftmax.of([1e4, -1e4, 0, 88, 89, 90], classes: 3).map { exp($0) }
    #expect(probabilities.prefix(3) == [1, 0, 0])
    #expect(abs(probabilities.suffix(3).reduce(0, +) - 1) < 1e-6)
  }
}
