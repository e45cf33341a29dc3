import Foundation
import SerdLearning
import SerdNetwork
import SerdTestKit
import Testing

/// The same seed gives the same bits, whatever the number of threads and whatever the buffers held before.
@Suite struct DeterminismTests {
  static let architecture = NetworkArchitecture(
    name: "narrow", activation: .prelu, hasPathResidual: true, pathChannels: 16, bodyChannels: [16, 16, 32, 16, 32])

  static func network(seed: UInt64 = 9, threads: Int = 1) -> TrainableNetwork {
    TrainableNetwork(
      architecture: architecture, frames: 50, coefficients: 40, classes: 7, seed: seed, dropout: 0.3, threads: threads)
  }

  /// Two batches of different sizes, two steps of Adam; returns everything that training changes.
  static func train(_ network: TrainableNetwork, batches: [Int] = [11, 6]) -> [[Float]] {
    var generator = SeededGenerator(seed: 2)
    var adam = Adam(count: network.parameters.count)
    var logits: [Float] = []
    for count in batches {
      let inputs = (0..<count * 50 * 40).map { _ in generator.gaussian() }
      logits = network.forward(inputs, count: count, training: true)
      let value = Loss.focal(gamma: 2).evaluate(
        logits: logits, labels: (0..<count).map { $0 % 7 }, classes: 7)
      network.backward(logitGradients: value.logitGradients)
      adam.step(&network.parameters, gradients: network.gradients, learningRate: 1e-3)
    }
    return [logits, network.gradients, network.parameters, network.runningStatistics]
  }

  @Test("The same seed gives the same bits, and another seed gives others")
  func sameSeedSameBits() {
    let first = Self.train(Self.network())
    #expect(first == Self.train(Self.network()))
    #expect(first != Self.train(Self.network(seed: 10)))
  }

  @Test("The number of threads does not change a bit of what is trained", arguments: [2, 3, 4])
  func threadsDoNotMatter(threads: Int) {
    #expect(Self.train(Self.network()) == Self.train(Self.network(threads: threads)))
  }

  @Test("What the buffers held of earlier batches does not change a bit")
  func earlierBatchesLeaveNothingBehind() {
    let used = Self.network()
    let fresh = Self.network()
    let parameters = used.parameters
    let running = used.runningStatistics
    _ = Self.train(used, batches: [20, 13])
    used.parameters = parameters
    used.runningStatistics = running
    used.generator = fresh.generator
    #expect(Self.train(used) == Self.train(fresh))
  }

  @Test("With parameters, statistics and generator restored a network trains on bit for bit")
  func aCheckpointContinuesTheSameRun() throws {
    let whole = Self.network()
    _ = Self.train(whole, batches: [8])
    let resumed = Self.network(seed: 77)
    resumed.parameters = whole.parameters
    resumed.runningStatistics = whole.runningStatistics
    resumed.generator = try JSONDecoder().decode(
      SeededGenerator.self, from: JSONEncoder().encode(whole.generator))
    #expect(Self.train(whole) == Self.train(resumed))
  }

  @Test("Evaluation changes nothing of the network, and an answer does not depend on its batch")
  func evaluationChangesNothingAndIgnoresTheBatch() {
    let network = Self.network()
    _ = Self.train(network)
    let (parameters, running, generator) = (network.parameters, network.runningStatistics, network.generator)
    var random = SeededGenerator(seed: 3)
    let inputs = (0..<5 * 2000).map { _ in random.gaussian() }
    let together = network.forward(inputs, count: 5, training: false)
    #expect(network.parameters == parameters && network.runningStatistics == running)
    #expect(network.generator == generator)
    for image in 0..<5 {
      let alone = network.forward(Array(inputs[image * 2000..<(image + 1) * 2000]), count: 1, training: false)
      // The products' blocking may depend on their height: equal but for rounding.
      #expect(relativeError(alone, Array(together[image * 7..<(image + 1) * 7])) < 1e-5)
    }
  }

  @Test("Dropout changes the answers and keeps their mean")
  func dropoutDropsItsShareAndKeepsTheMean() {
    let network = Self.network()
    for entry in network.table.entries where entry.name == "head.weight" {
      for i in entry.range { network.parameters[i] = 1 }
    }
    var random = SeededGenerator(seed: 3)
    let inputs = (0..<64 * 2000).map { _ in random.gaussian() }
    let dropped = network.forward(inputs, count: 64, training: true)
    network.dropout = 0
    let whole = network.forward(inputs, count: 64, training: true)
    #expect(dropped != whole)
    // 64 · 32 masks: the standard error of the share is 1 %.
    let ratio = dropped.reduce(0, +) / whole.reduce(0, +)
    #expect(abs(ratio - 1) < 0.05)
  }
}
