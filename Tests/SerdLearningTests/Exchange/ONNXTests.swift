import SerdLearning
import SerdNetwork
import SerdTestKit
import Testing

/// The structure of ONNX files; what onnxruntime makes of them is in tools/slow-tests/exchange.
@Suite struct ONNXTests {
  /// Fields of one protobuf message, by number, in order.
  struct Message {
    private(set) var numbers: [Int: [UInt64]] = [:]
    private(set) var blobs: [Int: [[UInt8]]] = [:]

    init(_ bytes: [UInt8]) throws {
      var rest = bytes[...]
      func variableLength() throws -> UInt64 {
        var (value, shift) = (UInt64(0), UInt64(0))
        while true {
          let next = rest.popFirst()
          let byte = try #require(next)
          value |= UInt64(byte & 0x7F) << shift
          shift += 7
          if byte < 0x80 { return value }
        }
      }
      while !rest.isEmpty {
        let key = try variableLength()
        let field = Int(key >> 3)
        switch key & 7 {
        case 0: numbers[field, default: []].append(try variableLength())
        case 2:
          let length = Int(try variableLength())
          try #require(length <= rest.count)
          blobs[field, default: []].append(Array(rest.prefix(length)))
          rest = rest.dropFirst(length)
        case 5:
          try #require(rest.count >= 4)
          numbers[field, default: []].append(rest.prefix(4).reversed().reduce(0) { $0 << 8 | UInt64($1) })
          rest = rest.dropFirst(4)
        default: Issue.record("wire type \(key & 7)")
        }
      }
    }

    func texts(_ field: Int) -> [String] { (blobs[field] ?? []).map { String(decoding: $0, as: UTF8.self) } }
    func messages(_ field: Int) throws -> [Message] { try (blobs[field] ?? []).map { try Message($0) } }
  }

  @Test(
    "Every variant's ONNX graph has all its weights, and every input of a node is made before it",
    arguments: NetworkArchitecture.variants)
  func everyVariantIsAWholeGraph(architecture: NetworkArchitecture) throws {
    var description = try TestModels.quantised(TestModels.narrow(.relu)).description
    description.architecture = architecture
    description.windowFrames = 121
    let tensors = Dictionary(
      uniqueKeysWithValues: FloatModel.expectedShapes(architecture, classes: 7).map { name, shape in
        (name, FloatModel.Tensor(shape: shape, values: Array(repeating: 0.5, count: shape.reduce(1, *))))
      })
    let model = try FloatModel(description: description, tensors: tensors)
    let file = try Message(model.onnx())
    #expect(file.numbers[1] == [7] && file.texts(2) == ["sertrain"])
    #expect(try file.messages(8).map { $0.numbers[2] } == [[13]])
    let graph = try #require(try file.messages(7).first)
    let weights = try graph.messages(5)
    #expect(weights.flatMap { $0.texts(8) }.sorted() == tensors.keys.sorted())
    for weight in weights {
      let elements = (weight.numbers[1] ?? []).reduce(1, *)
      #expect(weight.blobs[9]?.first?.count == 4 * Int(elements))
      #expect(Int(elements) == tensors[weight.texts(8)[0]]?.values.count)
    }
    // Every input of a node is an input, a weight, or the output of a node before: each name once.
    var known = Set(tensors.keys).union(["input"])
    for node in try graph.messages(1) {
      #expect(node.texts(1).allSatisfy { known.contains($0) }, "\(node.texts(3))")
      #expect(node.texts(2).allSatisfy { known.insert($0).inserted })
    }
    #expect(known.contains("logits") && known.contains("probabilities"))
    let types = try graph.messages(1).flatMap { $0.texts(4) }
    #expect(types.count { $0 == "Conv" } == 8 && types.count { $0 == "AveragePool" } == 7)
    #expect(types.count { $0 == "Add" } == (architecture.hasPathResidual ? 3 : 0))
    #expect(types.count { $0 == "PRelu" } == (architecture.activation == .prelu ? 8 : 0) && !types.contains("Div"))
    // 121 frames: the pool's last row has one valid cell and one of padding.
    let pool = try #require(try graph.messages(1).first { $0.texts(3) == ["path1.pool"] })
    let pads = try #require(try pool.messages(5).first { $0.texts(1) == ["pads"] })
    #expect(pads.numbers[8] == [0, 0, 1, 0])
    let metadata = try file.messages(14).first { $0.texts(1) == ["model"] }
    #expect(metadata?.texts(2).first?.contains("\"anger\"") == true)
  }

  @Test("A model's temperature divides the logits in its ONNX graph")
  func aTemperatureIsInTheGraph() throws {
    var model = try PyTorchFileTests.model()
    model.description.temperature = 1.5
    let graph = try #require(try Message(model.onnx()).messages(7).first)
    let division = try graph.messages(1).first { $0.texts(4) == ["Div"] }
    #expect(division?.texts(1) == ["logits", "temperature"])
    let value = try graph.messages(5).first { $0.texts(8) == ["temperature"] }
    #expect(value?.blobs[9]?.first == withUnsafeBytes(of: Float(1.5)) { Array($0) } && value?.numbers[1] == nil)
  }
  /// Of an int8 model: its integers as they are, and a rounding behind every pool and nowhere else.
  @Test(
    "An int8 model keeps its integers in ONNX and rounds behind every pool and nowhere else",
    arguments: [NetworkArchitecture.Activation.relu, .prelu])
  func anInt8ModelKeepsItsIntegers(activation: NetworkArchitecture.Activation) throws {
    let model = try TestModels.quantised(TestModels.narrow(activation))
    let file = try Message(model.onnx())
    let graph = try #require(try file.messages(7).first)
    let weights = Dictionary(
      uniqueKeysWithValues: try graph.messages(5).map { ($0.texts(8)[0], ($0.numbers[2], $0.blobs[9]?.first)) })
    for (shape, layer) in zip(model.description.layerShapes, model.layers) {
      let stored = weights["\(shape.name).conv.weight"]
      #expect(stored?.0 == [3] && stored?.1 == layer.values.map { UInt8(bitPattern: $0) })
      let biases = weights["\(shape.name).conv.bias"]
      #expect(biases?.0 == [6] && biases?.1 == layer.biases.withUnsafeBytes { Array($0) })
      #expect((weights["\(shape.name).act.weight"] != nil) == (activation == .prelu))
    }
    // The head is in float, from the same integers.
    let perClass = model.head.values.count / model.head.scales.count
    let head = model.head.values.enumerated().map { Float($1) * model.head.scales[$0 / perClass] }
    #expect(weights["head.weight"]?.0 == [1] && weights["head.weight"]?.1 == head.withUnsafeBytes { Array($0) })
    let nodes = try graph.messages(1)
    var known = Set(weights.keys).union(["input"])
    for node in nodes {
      #expect(node.texts(1).allSatisfy { known.contains($0) }, "\(node.texts(3))")
      #expect(node.texts(2).allSatisfy { known.insert($0).inserted })
    }
    let blocks = model.layers.count
    let roundings = nodes.filter { $0.texts(4) == ["QuantizeLinear"] }
    #expect(roundings.count == 1 + blocks && roundings.last?.texts(1).first == "pooled")
    #expect(roundings.dropFirst().dropLast().allSatisfy { $0.texts(1)[0].hasSuffix(".pool") })
    // The common grid of the paths, and weights and bias of every layer, each with a zero point beside every scale.
    let readings = nodes.filter { $0.texts(4) == ["DequantizeLinear"] }
    #expect(readings.count == roundings.count + 2 * blocks && readings.allSatisfy { $0.texts(1).count == 3 })
    for (shape, layer) in zip(model.description.layerShapes, model.layers) {
      let channels = layer.scales.count
      #expect(weights["\(shape.name).conv.weight_zero"]?.1 == Array(repeating: 0, count: channels))
      #expect(weights["\(shape.name).conv.bias_zero"]?.1 == Array(repeating: 0, count: 4 * channels))
    }
    let scale = weights["path2.pool.scale"]?.1
    #expect(scale == withUnsafeBytes(of: model.activations.paths.scale) { Array($0) })
  }

  @Test("A stored model is int8 or float as its file says")
  func aStoredModelIsOfTheKindItsFileSays() throws {
    let int8 = try TestModels.quantised(TestModels.narrow(.relu))
    let float = try PyTorchFileTests.model()
    guard case .int8(let read) = try StoredModel(parsing: int8.serialised()),
      case .float(let other) = try StoredModel(parsing: float.serialised())
    else {
      Issue.record("the kinds are swapped")
      return
    }
    #expect(read.layers == int8.layers && other.tensors == float.tensors)
  }
}
