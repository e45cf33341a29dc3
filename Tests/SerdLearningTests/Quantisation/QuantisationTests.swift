import SerdFeatures
import SerdLearning
import SerdNetwork
import SerdTestKit
import Testing

/// From float to int8: batch norm folded away, ranges measured, answers kept.
@Suite struct QuantisationTests {
  static let architectures: [NetworkArchitecture] = [TestModels.narrow(.relu), TestModels.narrow(.prelu)]
  static let frames = 37

  static func inputs(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count * frames * 40).map { _ in max(-10, min(10, 3 * generator.gaussian())) }
  }

  static func network(_ architecture: NetworkArchitecture) -> TrainableNetwork {
    TrainableNetwork(architecture: architecture, frames: frames, coefficients: 40, classes: 7, seed: 3)
  }

  /// Random weights, gains, offsets and slopes, and running statistics that belong to them, as training leaves them
  /// behind.
  static func model(
    _ architecture: NetworkArchitecture, _ change: (inout [String: FloatModel.Tensor]) -> Void = { _ in }
  ) throws -> FloatModel {
    let network = network(architecture)
    var generator = SeededGenerator(seed: 4)
    for entry in network.table.entries where !entry.isRunning && entry.shape.count == 1 {
      for i in entry.range { network.parameters[i] += 0.3 * generator.gaussian() }
    }
    for batch in 0..<60 { network.forward(inputs(8, seed: UInt64(100 + batch)), count: 8, training: true) }
    var tensors = network.export().mapValues { FloatModel.Tensor(shape: $0.shape, values: $0.values) }
    change(&tensors)
    let description = ModelDescription(
      name: "test", architecture: architecture, frontEnd: .report, windowFrames: frames, labels: TestModels.labels,
      provenance: TestModels.provenance)
    return try FloatModel(description: description, tensors: tensors)
  }

  static func logits(_ tensors: [String: FloatModel.Tensor], _ architecture: NetworkArchitecture, _ inputs: [Float])
    throws -> [Float]
  {
    let network = network(architecture)
    try network.load(tensors.mapValues { ($0.shape, $0.values) })
    return network.forward(inputs, count: inputs.count / (frames * 40), training: false)
  }

  @Test("With batch norm folded into its convolutions a network answers the same", arguments: architectures)
  func foldedConvolutionsAreTheSameNetwork(architecture: NetworkArchitecture) throws {
    let model = try Self.model(architecture) { tensors in
      for path in 1...3 { tensors["path\(path).conv.bias"]!.values = (0..<16).map { Float($0) * 0.1 - 0.8 } }
    }
    var folded = model.tensors
    for layer in model.description.layerShapes {
      let convolution = try FoldedConvolution(model: model, layer: layer)
      #expect(convolution.slopes.count == (architecture.activation == .prelu ? layer.block.channels : 0))
      // A batch norm that only adds the folded bias is left.
      let channels = layer.block.channels
      folded["\(layer.name).conv.weight"]!.values = convolution.weights
      folded["\(layer.name).bn.bias"]!.values = convolution.biases
      for (part, value) in [
        ("conv.bias", Float(0)), ("bn.weight", 1), ("bn.running_mean", 0), ("bn.running_var", 1 - 1e-5),
      ] {
        folded["\(layer.name).\(part)"]?.values = Array(repeating: value, count: channels)
      }
    }
    let inputs = Self.inputs(8, seed: 5)
    let expected = try Self.logits(model.tensors, architecture, inputs)
    #expect(relativeError(try Self.logits(folded, architecture, inputs), expected) < 1e-5)
    folded["body3.bn.bias"]!.values[0] += 1
    #expect(relativeError(try Self.logits(folded, architecture, inputs), expected) > 1e-5, "the comparison can fail")
  }

  /// On fresh inputs. Tolerance: eight layers that round to eight bits, with few channels to average it out (0.07 of
  /// the logits' spread with ReLU, 0.04 with PReLU when this was written).
  @Test("Answers in int8 are near those in float, and every clear decision is the same", arguments: architectures)
  func int8AnswersAreNearFloat(architecture: NetworkArchitecture) throws {
    let model = try Self.model(architecture)
    let int8 = Int8ReferenceNetwork(model: try Quantiser.quantise(model, calibrationInputs: Self.inputs(64, seed: 6)))
    let inputs = Self.inputs(48, seed: 7)
    let float = try Self.logits(model.tensors, architecture, inputs)
    var (sameDecisions, clear) = (0, 0)
    var squares: Float = 0
    for window in 0..<48 {
      let expected = Array(float[window * 7..<(window + 1) * 7])
      let actual = int8.logits(scaledInput: Array(inputs[window * Self.frames * 40..<(window + 1) * Self.frames * 40]))
      for (a, b) in zip(actual, expected) { squares += (a - b) * (a - b) }
      let ordered = expected.sorted(by: >)
      guard ordered[0] - ordered[1] > 0.1 * (ordered[0] - ordered[6]) else { continue }
      clear += 1
      if actual.firstIndex(of: actual.max()!) == expected.firstIndex(of: ordered[0]) { sameDecisions += 1 }
    }
    let mean = float.reduce(0, +) / Float(float.count)
    let spread = (float.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(float.count)).squareRoot()
    let error = (squares / Float(float.count)).squareRoot()
    #expect(error < 0.1 * spread, "error \(error), spread \(spread)")
    #expect(clear > 10 && sameDecisions == clear, "\(sameDecisions) of \(clear)")
  }

  @Test("A quantised model is the same after its file", arguments: architectures)
  func theModelSurvivesItsFile(architecture: NetworkArchitecture) throws {
    let model = try Quantiser.quantise(Self.model(architecture), calibrationInputs: Self.inputs(8, seed: 6))
    let again = try QuantisedModel(parsing: model.serialised())
    #expect(again.layers == model.layers && again.head == model.head && again.activations == model.activations)
    #expect(model.activations.input == QuantisedModel.inputActivation(clip: 10))
  }

  @Test("Channels of nothing but zeros do no harm", arguments: architectures)
  func deadChannelsAreFine(architecture: NetworkArchitecture) throws {
    let model = try Self.model(architecture) { tensors in
      tensors["body2.conv.weight"]!.values = tensors["body2.conv.weight"]!.values.map { _ in 0 }
      tensors["body3.bn.weight"]!.values[1] = 0
    }
    let inputs = Self.inputs(8, seed: 6)
    let int8 = Int8ReferenceNetwork(model: try Quantiser.quantise(model, calibrationInputs: inputs))
    let actual = int8.logits(scaledInput: Array(inputs[..<(Self.frames * 40)]))
    let expected = try Self.logits(model.tensors, architecture, Array(inputs[..<(Self.frames * 40)]))
    #expect(relativeError(actual, expected) < 0.1)
  }

  /// What no training leaves behind, but a file may hold: always an error, never a crash or a silent wrong model.
  @Test(
    "A model whose values cannot be quantised is refused in one line",
    arguments: architectures,
    [
      ("path1.conv.weight", Float(1e30)), ("path2.conv.weight", 3e38), ("body1.conv.weight", -3e38),
      ("body5.bn.bias", 3e38),
      ("body2.bn.running_var", -1), ("body3.bn.running_var", -1e30), ("body4.bn.weight", 1e35),
      ("path3.bn.running_mean", 3e38),
      ("head.weight", 3e38),
    ]
  )
  func hostileModelsAreRefused(architecture: NetworkArchitecture, value: (tensor: String, value: Float)) throws {
    let error = thrown(ModelFileError.self) {
      let model = try Self.model(architecture) { tensors in
        let tensor = tensors[value.tensor]!
        tensors[value.tensor]!.values = tensor.values.indices.map { $0 % 3 == 0 ? value.value : tensor.values[$0] }
      }
      return try Quantiser.quantise(model, calibrationInputs: Self.inputs(4, seed: 6))
    }
    #expect(error != nil)
    #expect(error?.description.contains("\n") == false)
  }

  @Test("A slope too large to be quantised is refused")
  func hostileSlopesAreRefused() throws {
    let model = try Self.model(TestModels.narrow(.prelu)) { $0["body2.act.weight"]!.values[3] = 1e30 }
    #expect(throws: ModelFileError.self) { try Quantiser.quantise(model, calibrationInputs: Self.inputs(4, seed: 6)) }
  }

  @Test("Any range makes a grid with a zero point, even an infinite one or one of no number")
  func gridsOfAnyRangeAreMade() {
    for (low, high) in [
      (Float(0), Float(0)), (-1, 1), (0, 6), (-3, 0), (2, 5), (-3e38, 3e38), (-.infinity, .infinity), (.nan, .nan),
    ] {
      let grid = QuantisedModel.Activation(covering: low, high)
      #expect((-128...127).contains(grid.zeroPoint), "\(low) to \(high)")
    }
    let grid = QuantisedModel.Activation(covering: -1, 4)
    #expect(grid.scale == 5 / 255 && grid.zeroPoint == -77)
  }
}
