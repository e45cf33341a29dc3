import SerdLearning
import SerdTestKit
import Testing

/// The whole network against PyTorch (Tests/Golden): both variants, odd pooling edges, float32 on both sides.
///
/// Tolerances are relative to the largest value of the tensor. Float32 sums of up to a few thousand terms in another
/// order differ by about 1e-6 of it; the limits leave some room for that and none for a wrong formula.
@Suite struct GoldenNetworkTests {
  static let variants = ["paper", "report"]

  @Test("In evaluation, every layer's activations are PyTorch's", arguments: variants)
  func evaluationActivations(variant: String) throws {
    let golden = try GoldenNetwork(variant)
    golden.network.forward(golden.inputs, count: 3, training: false)
    for layer in GoldenNetwork.layers {
      let error = try golden.activationError(layer, mode: "eval")
      #expect(error < 2e-6, "\(layer)")
    }
  }

  @Test("In training, every layer's activations and running statistics are PyTorch's", arguments: variants)
  func trainingActivationsAndRunningStatistics(variant: String) throws {
    let golden = try GoldenNetwork(variant)
    golden.network.forward(golden.inputs, count: 3, training: true)
    for layer in GoldenNetwork.layers {
      let error = try golden.activationError(layer, mode: "train")
      #expect(error < 5e-6, "\(layer)")
    }
    let tensors = golden.network.export()
    for entry in golden.network.table.entries where entry.isRunning {
      let statistic = entry.name.hasSuffix("mean") ? "running_mean" : "running_var"
      let expected = try golden.golden.floats("train.\(statistic).\(entry.name)")
      #expect(relativeError(tensors[entry.name]!.values, expected) < 2e-6, "\(entry.name)")
    }
  }

  @Test(
    "Losses and the gradients of all parameters are PyTorch's",
    arguments: variants,
    [("ce", Loss.crossEntropy), ("focal", Loss.focal(gamma: 2))]
  )
  func lossesAndGradients(variant: String, loss: (name: String, loss: Loss)) throws {
    let golden = try GoldenNetwork(variant)
    let logits = golden.network.forward(golden.inputs, count: 3, training: true)
    let value = loss.loss.evaluate(logits: logits, labels: golden.labels, classes: GoldenNetwork.classes)
    let expectedLoss = try golden.golden.floats("loss.\(loss.name)")[0]
    #expect(abs(Float(value.loss) - expectedLoss) < 2e-6 * max(1, expectedLoss))
    golden.network.backward(logitGradients: value.logitGradients)
    let gradients = golden.network.exportGradients()
    for (name, tensor) in gradients {
      let expected = try golden.golden.floats("grad.\(loss.name).\(name)", shape: tensor.shape)
      if name.hasSuffix("conv.bias") {
        // Batch norm removes a bias, so its gradient is 0; PyTorch's holds the rounding of its sums.
        #expect(tensor.values.allSatisfy { $0 == 0 } && expected.allSatisfy { abs($0) < 1e-5 }, "\(name)")
      } else {
        #expect(relativeError(tensor.values, expected) < 2e-5, "\(name)")
      }
    }
  }

  @Test("Three steps of Adam give PyTorch's losses and parameters", arguments: variants)
  func threeAdamSteps(variant: String) throws {
    let golden = try GoldenNetwork(variant)
    let network = golden.network
    let expectedLosses = try golden.golden.floats("adam.loss")
    var adam = Adam(count: network.parameters.count, weightDecay: .l2(1e-6))
    for step in 0..<3 {
      let logits = network.forward(golden.inputs, count: 3, training: true)
      let value = Loss.crossEntropy.evaluate(logits: logits, labels: golden.labels, classes: GoldenNetwork.classes)
      #expect(abs(Float(value.loss) - expectedLosses[step]) < 2e-6 * max(1, expectedLosses[step]), "step \(step)")
      network.backward(logitGradients: value.logitGradients)
      adam.step(&network.parameters, gradients: network.gradients, learningRate: 1e-3)
    }
    for (name, tensor) in network.export() where golden.golden.tensors["adam.\(name)"] != nil {
      let expected = try golden.golden.floats("adam.\(name)", shape: tensor.shape)
      let worst = zip(tensor.values, expected).map { abs($0 - $1) }.max()!
      // A thousandth of a step: roundings, and so OpenBLAS's version, move it by a third of that (3.1e-7 with Debian
      // 13's). A bias before batch norm follows PyTorch's rounding there and the weight decay here: at most a step each
      // time.
      #expect(worst < (name.hasSuffix("conv.bias") ? 3.1e-3 : 1e-6), "\(name)")
    }
  }
}
