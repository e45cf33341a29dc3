import SerdFeatures
import SerdNetwork
import SerdTestKit
import Testing

@Suite struct Int8ReferenceNetworkTests {
  private func window(_ values: [Float], frames: Int, gainStep: Int, body: (FeatureWindow) -> Void) {
    values.withUnsafeBufferPointer {
      body(
        FeatureWindow(
          firstFrame: 0, frameCount: frames, coefficientCount: 40, coefficients: $0.baseAddress!, level: -20,
          gainStep: gainStep))
    }
  }

  @Test(
    "Probabilities are a distribution that depends on the input only",
    arguments: [NetworkArchitecture.Activation.relu, .prelu])
  func probabilitiesAreADistributionThatDependsOnTheInputOnly(activation: NetworkArchitecture.Activation) throws {
    let network = Int8ReferenceNetwork(model: try TestModels.quantised(TestModels.narrow(activation)))
    var generator = TestGenerator(seed: 5)
    var first: [[Float]] = []
    let windows = (0..<3).map { _ in (0..<37 * 40).map { _ in Float.random(in: -12...12, using: &generator) } }
    for _ in 0..<2 {
      var answers: [[Float]] = []
      for values in windows {
        var probabilities = [Float](repeating: .nan, count: 7)
        window(values, frames: 37, gainStep: 0) { network.classify($0, into: &probabilities) }
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5 && probabilities.allSatisfy { $0 >= 0 })
        answers.append(probabilities)
      }
      if first.isEmpty { first = answers } else { #expect(first == answers) }
    }
    #expect(Set(first.map { $0.description }).count == 3, "different windows give different answers")
  }

  /// The gain step reaches the network as an offset on c0, and only there.
  @Test("A gain step is an offset on c0 and nothing else")
  func gainStepIsAnOffsetOnC0() throws {
    let network = Int8ReferenceNetwork(model: try TestModels.quantised(TestModels.narrow(.relu)))
    var generator = TestGenerator(seed: 6)
    let values = (0..<37 * 40).map { _ in Float.random(in: -5...5, using: &generator) }
    let offset = 2 * InputScaling.c0Offset(decibels: 1.5, settings: .report)
    let raised = values.enumerated().map { $0.offset % 40 == 0 ? $0.element + offset : $0.element }
    var (a, b) = ([Float](repeating: 0, count: 7), [Float](repeating: 0, count: 7))
    window(values, frames: 37, gainStep: 2) { network.classify($0, into: &a) }
    window(raised, frames: 37, gainStep: 0) { network.classify($0, into: &b) }
    #expect(a == b)
  }

  @Test("A window gives the answer of its scaled input")
  func scaledInputAndWindowAgree() throws {
    let network = Int8ReferenceNetwork(model: try TestModels.quantised(TestModels.narrow(.prelu)))
    let values = (0..<37 * 40).map { Float($0 % 21) - 10 }
    var probabilities = [Float](repeating: 0, count: 7)
    window(values, frames: 37, gainStep: 0) { network.classify($0, into: &probabilities) }
    var logits = network.logits(scaledInput: values)
    Softmax.apply(&logits)
    #expect(logits == probabilities)
  }

  @Test("Softmax of large logits does not overflow")
  func softmaxDoesNotOverflow() {
    var values: [Float] = [1000, 999, -1000]
    Softmax.apply(&values)
    #expect(abs(values[0] - 0.7310586) < 1e-6 && values[2] == 0)
  }
}
