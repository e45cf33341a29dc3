import SerdLearning
import SerdNetwork
import Testing

/// Every gradient of whole networks of odd shapes against central differences of the double-precision definition.
///
/// The shapes are chosen to meet what Light-SERNet does not: kernels of all kinds in the body, pools of 3, biases
/// before batch norm in the body, channels that fill no vector, one-image batches, more groups than images.
@Suite struct NetworkGradientTests {
  typealias Block = NetworkArchitecture.Block
  typealias Extent = NetworkArchitecture.Extent

  static func architecture(_ activation: NetworkArchitecture.Activation, residual: Bool) -> NetworkArchitecture {
    var result = NetworkArchitecture(
      name: "odd", activation: activation, hasPathResidual: residual, pathChannels: 3, bodyChannels: [1, 1, 1, 1, 1])
    result.paths = [
      Block(kernel: Extent(5, 1), channels: 3, pool: Extent(2, 3), hasBias: true),
      Block(kernel: Extent(3, 7), channels: 5, pool: Extent(2, 3), hasBias: false),
    ]
    result.body = [
      Block(kernel: Extent(5, 3), channels: 6, pool: Extent(3, 2), hasBias: true),
      Block(kernel: Extent(1, 3), channels: 3, pool: Extent(2, 1), hasBias: false),
      Block(kernel: Extent(3, 1), channels: 5, pool: nil, hasBias: true),
    ]
    return result
  }

  @Test(
    "Every gradient of a whole network is the central difference of the double-precision definition",
    arguments: [
      (NetworkArchitecture.Activation.relu, false, 5), (.prelu, true, 5), (.prelu, false, 1), (.relu, true, 2),
    ])
  func gradientsAreCentralDifferences(
    activation: NetworkArchitecture.Activation, residual: Bool, images: Int
  ) {
    let (frames, coefficients, classes) = (13, 7, 3)
    let network = TrainableNetwork(
      architecture: Self.architecture(activation, residual: residual), frames: frames, coefficients: coefficients,
      classes: classes, seed: 3, dropout: 0)
    var generator = SeededGenerator(seed: 4)
    // No parameter at a special value such as 0 or 1.
    for i in network.parameters.indices { network.parameters[i] += 0.2 * generator.gaussian() }
    let inputs = (0..<images * frames * coefficients).map { _ in 1 + generator.gaussian() }
    let targets = (0..<images).flatMap { _ -> [Float] in
      let a = generator.uniform() / 2
      return [a, 0.5, 0.5 - a]
    }
    let logits = network.forward(inputs, count: images, training: true)
    let value = Loss.crossEntropy.evaluate(logits: logits, targets: targets, classes: classes)
    network.backward(logitGradients: value.logitGradients)

    let reference = DoubleNetwork(
      architecture: network.architecture, table: network.table, frames: frames, coefficients: coefficients,
      classes: classes)
    let (wideInputs, wideTargets) = (inputs.map(Double.init), targets.map(Double.init))
    let parameters = network.parameters.map(Double.init)
    let loss = reference.loss(wideInputs, targets: wideTargets, parameters: parameters)
    #expect(abs(value.loss - loss) < 2e-6 * max(1, abs(loss)))
    reference.expectGradients(
      of: network, inputs: wideInputs, targets: wideTargets, parameters: parameters, step: 1e-5)
  }
}
