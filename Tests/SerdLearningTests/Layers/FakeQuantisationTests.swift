import SerdLearning
import SerdNetwork
import SerdTestKit
import Testing

/// Training on the rounded network: the rounding is that of int8, and gradients go straight through it.
@Suite struct FakeQuantisationTests {
  @Test("A grid rounds ties to even, clamps what is outside and marks it")
  func gridsRoundAndMark() {
    // Steps of 0.5 from -2 (stored -128) to 125.5.
    let grid = QuantisedModel.Activation(scale: 0.5, zeroPoint: -124)
    var values: [Float] = [0, 0.2, 0.3, -2, -2.2, -2.3, 125.5, 125.7, 126, 0.25, 0.75]
    var inside = [Float](repeating: -1, count: values.count)
    grid.round(&values, count: values.count, inside: &inside)
    #expect(values == [0, 0, 0.5, -2, -2, -2, 125.5, 125.5, 125.5, 0, 1], "ties to even")
    #expect(inside == [1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1])
  }

  @Test("Weights are rounded channel by channel to the integers of the quantiser")
  func weightsAreRoundedPerOutputChannelAsTheQuantiserDoes() throws {
    let model = try QuantisationTests.model(TestModels.narrow(.prelu))
    let network = QuantisationTests.network(TestModels.narrow(.prelu))
    try network.load(model)
    let inputs = QuantisationTests.inputs(8, seed: 6)
    let int8 = try Quantiser.quantise(model, calibrationInputs: inputs)
    network.parameters = FakeQuantisation(activations: int8.activations).rounded(
      network.parameters, table: network.table)
    let rounded = network.export()
    for (shape, layer) in zip(model.description.layerShapes, int8.layers) {
      let original = model.tensors["\(shape.name).conv.weight"]!.values
      let values = rounded["\(shape.name).conv.weight"]!.values
      let perOutput = values.count / shape.block.channels
      var differing = 0
      for output in 0..<shape.block.channels {
        let range = output * perOutput..<(output + 1) * perOutput
        let scale = original[range].map(abs).max()! / 127
        // Batch norm's scale may be negative; then so are the folded weights.
        let sign: Float = model.tensors["\(shape.name).bn.weight"]!.values[output] < 0 ? -1 : 1
        for index in range where (values[index] / scale * sign).rounded() != Float(layer.values[index]) {
          differing += 1
        }
      }
      #expect(differing * 1000 <= values.count, "\(shape.name): \(differing) of \(values.count), but for ties")
    }
    #expect(rounded["path1.bn.weight"]!.values == model.tensors["path1.bn.weight"]!.values)
  }

  /// What it is for: the network that training sees answers as the int8 network does, far nearer than the float one.
  ///
  /// With ReLU both round the same numbers, and differ where a number lies within float's error of the edge between two
  /// steps. PReLU in int8 rounds to a sixteenth of a step before the pool, which training leaves out: about one value
  /// in a hundred then goes to the step beside, in every layer, and the layers behind pass that on. (0.35 of float's
  /// squared error when this was written.)
  @Test(
    "The rounded network answers far nearer to the int8 network than the float one does",
    arguments: QuantisationTests.architectures)
  func theRoundedNetworkIsNearlyTheInt8One(architecture: NetworkArchitecture) throws {
    let model = try QuantisationTests.model(architecture)
    let int8 = try Quantiser.quantise(model, calibrationInputs: QuantisationTests.inputs(32, seed: 6))
    let reference = Int8ReferenceNetwork(model: int8)
    let inputs = QuantisationTests.inputs(16, seed: 7)
    let size = QuantisationTests.frames * 40
    let expected = (0..<16).flatMap { reference.logits(scaledInput: Array(inputs[$0 * size..<($0 + 1) * size])) }
    let network = QuantisationTests.network(architecture)
    try network.load(model)
    let float = network.forward(inputs, count: 16, training: false)
    network.fakeQuantisation = FakeQuantisation(activations: int8.activations)
    let rounded = network.forward(inputs, count: 16, training: false)
    func error(_ logits: [Float]) -> Float { zip(logits, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    let share: Float = architecture.activation == .relu ? 0.1 : 0.5
    #expect(error(rounded) < share * error(float), "\(error(rounded)) of \(error(float))")
    network.fakeQuantisation = nil
    #expect(network.forward(inputs, count: 16, training: false) == float, "and it can be turned off")
  }

  @Test("Frozen statistics do not change, and training then answers as evaluation does")
  func frozenStatisticsStayAndDoNotDependOnTheBatch() throws {
    let architecture = TestModels.narrow(.relu)
    let model = try QuantisationTests.model(architecture)
    let network = TrainableNetwork(
      architecture: architecture, frames: QuantisationTests.frames, coefficients: 40, classes: 7, seed: 3, dropout: 0)
    try network.load(model)
    network.freezesStatistics = true
    let (inputs, before) = (QuantisationTests.inputs(5, seed: 8), network.runningStatistics)
    let training = network.forward(inputs, count: 5, training: true)
    #expect(network.runningStatistics == before)
    #expect(training == network.forward(inputs, count: 5, training: false))
  }

  /// The straight-through gradient is that of a network in which every rounding adds what it adds here, as a constant,
  /// and in which what is clamped is constant: that network is smooth and can be differenced.
  @Test(
    "Gradients go straight through every rounding, and stop where a value is clamped",
    arguments: [(NetworkArchitecture.Activation.relu, false), (.prelu, true)])
  func gradientsGoStraightThrough(activation: NetworkArchitecture.Activation, residual: Bool) {
    let (frames, coefficients, classes, images) = (13, 7, 3, 4)
    let network = TrainableNetwork(
      architecture: NetworkGradientTests.architecture(activation, residual: residual), frames: frames,
      coefficients: coefficients, classes: classes, seed: 3, dropout: 0)
    var generator = SeededGenerator(seed: 4)
    for i in network.parameters.indices { network.parameters[i] += 0.2 * generator.gaussian() }
    for i in network.runningStatistics.indices { network.runningStatistics[i] += 0.3 * generator.uniform() }
    // Steps coarse enough to be seen, ranges narrow enough to clamp.
    let grid = QuantisedModel.Activation(scale: 0.011, zeroPoint: activation == .relu ? -128 : -40)
    network.freezesStatistics = true
    network.fakeQuantisation = FakeQuantisation(
      activations: QuantisedModel.Activations(
        input: QuantisedModel.Activation(scale: 0.02, zeroPoint: 0), paths: grid,
        body: network.architecture.body.map { _ in grid }))
    let inputs = (0..<images * frames * coefficients).map { _ in 1 + generator.gaussian() }
    let targets = (0..<images * classes).map { Float($0 % classes == $0 / classes % classes ? 1 : 0) }
    let logits = network.forward(inputs, count: images, training: true)
    network.backward(
      logitGradients: Loss.crossEntropy.evaluate(logits: logits, targets: targets, classes: classes).logitGradients)

    var reference = DoubleNetwork(
      architecture: network.architecture, table: network.table, frames: frames, coefficients: coefficients,
      classes: classes)
    reference.running = network.runningStatistics.map(Double.init)
    let grids = network.fakeQuantisation!.activations
    let added = Roundings(grids: grids, of: network, images: images)
    reference.rounding = { added.round($0, $1) }
    let rounded = network.fakeQuantisation!.rounded(network.parameters, table: network.table)
    let parameters = rounded.map(Double.init)
    let (wideInputs, wideTargets) = (inputs.map(Double.init), targets.map(Double.init))
    _ = reference.loss(wideInputs, targets: wideTargets, parameters: parameters)
    #expect(added.clamped > 0 && added.clamped < added.seen / 2, "\(added.clamped) of \(added.seen) are clamped")
    reference.expectGradients(
      of: network, inputs: wideInputs, targets: wideTargets, parameters: parameters, step: 1e-6)
  }
}

/// The roundings of a network's last forward: after it each is value · factor + constant, with factor 0 where it was
/// clamped. What the network made of its values is taken from it, since float and double may round a value between two
/// steps to either side.
private final class Roundings {
  private let grids: [String: QuantisedModel.Activation]
  private var remembered: [String: [(factor: Double, constant: Double)]] = [:]
  /// Values that a rounding saw, and those that it clamped.
  private(set) var (seen, clamped) = (0, 0)

  private var made: [String: [Float]] = [:]

  init(grids: QuantisedModel.Activations, of network: TrainableNetwork, images: Int) {
    let blocks = network.architecture.body.count
    let paths = network.architecture.paths.indices.map { network.activation("path\($0 + 1)") }
    let channels = network.architecture.paths.map(\.channels)
    var concatenated: [Float] = []
    for pixel in 0..<paths[0].count / channels[0] {
      for (path, count) in zip(paths, channels) { concatenated += path[pixel * count..<(pixel + 1) * count] }
    }
    made["paths"] = concatenated
    for name in (1..<blocks).map({ "body\($0)" }) + ["pooled"] { made[name] = network.activation(name) }
    var named = ["input": grids.input, "paths": grids.paths, "pooled": grids.body[blocks - 1]]
    for block in 1..<blocks { named["body\(block)"] = grids.body[block - 1] }
    self.grids = named
  }

  func round(_ name: String, _ values: [Double]) -> [Double] {
    if remembered[name] == nil {
      let grid = grids[name]!
      let (scale, low) = (Double(grid.scale), Double(-128 - grid.zeroPoint))
      remembered[name] = values.enumerated().map { index, value -> (factor: Double, constant: Double) in
        let steps = (value / scale).rounded(.toNearestOrEven)
        let rounded = made[name].map { Double($0[index]) } ?? max(low, min(low + 255, steps)) * scale
        #expect(abs(rounded - max(low, min(low + 255, steps)) * scale) < 1.01 * scale)
        return steps >= low && steps <= low + 255 ? (1, rounded - value) : (0, rounded)
      }
      seen += values.count
      clamped += remembered[name]!.count { $0.factor == 0 }
    }
    return zip(values, remembered[name]!).map { $0 * $1.factor + $1.constant }
  }
}
