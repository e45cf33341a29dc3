import Foundation
import SerdFeatures
import SerdLearning
import SerdNetwork
import SerdTestKit
import Testing

/// Weights to and from PyTorch; against PyTorch itself in tools/slow-tests/exchange.
@Suite struct PyTorchFileTests {
  static func model() throws -> FloatModel { try QuantisationTests.model(TestModels.narrow(.prelu)) }

  @Test("A model exported for PyTorch is imported again as it was")
  func whatIsExportedIsImportedAgain() throws {
    let model = try Self.model()
    let file = try Safetensors(parsing: model.pyTorchFile().serialised())
    #expect(try file.int64s("body2.bn.num_batches_tracked", shape: []) == [0])
    let again = try FloatModel(pyTorchFile: file, description: nil)
    #expect(again.tensors == model.tensors && again.description == model.description)
    #expect(try FloatModel(parsing: file.serialised()).tensors == model.tensors, "it is still a float model")
  }

  /// PyTorch's own tensors, made by PyTorch, give PyTorch's own logits.
  @Test("Tensors made by PyTorch give PyTorch's logits", arguments: ["paper", "report"])
  func pyTorchsNetworkIsImported(variant: String) throws {
    let golden = try GoldenNetwork(variant)
    var file = Safetensors()
    for (name, tensor) in golden.golden.tensors where name.hasPrefix("param.") {
      file.set(String(name.dropFirst("param.".count)), shape: tensor.shape, floats: try golden.golden.floats(name))
    }
    var description = try TestModels.quantised(TestModels.narrow(.relu)).description
    description.architecture = golden.network.architecture
    let model = try FloatModel(pyTorchFile: file, description: description)
    let logits = try QuantisationTests.logits(model.tensors, golden.network.architecture, golden.inputs)
    #expect(try relativeError(logits, golden.golden.floats("eval.logits")) < 1e-4)
  }

  @Test("Tensors in half precision are imported as the floats that they stand for")
  func halfPrecisionIsImported() throws {
    let model = try Self.model()
    var bytes = model.pyTorchFile().serialised()
    // By hand: F32 to BF16, which is its upper half, in the file's own order.
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: [String: Any]])
    var data: [UInt8] = []
    for (name, entry) in header.sorted(by: { $0.key < $1.key }) where name != "__metadata__" {
      let offsets = try #require(entry["data_offsets"] as? [Int])
      let old = Array(bytes[(8 + length + offsets[0])..<(8 + length + offsets[1])])
      let isFloat = entry["dtype"] as? String == "F32"
      let new = isFloat ? old.indices.filter { $0 % 4 > 1 }.map { old[$0] } : old
      header[name]?["dtype"] = isFloat ? "BF16" : entry["dtype"]
      header[name]?["data_offsets"] = [data.count, data.count + new.count]
      data += new
    }
    let json = try JSONSerialization.data(withJSONObject: header)
    bytes = withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init) + json + data
    let again = try FloatModel(pyTorchFile: Safetensors(parsing: bytes), description: nil)
    for (name, tensor) in model.tensors {
      let rounded = tensor.values.map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000) }
      #expect(again.tensors[name]?.values == rounded, "\(name)")
    }
  }

  @Test("Standardisation comes with the weights, and an impossible one is refused")
  func standardisationComesWithTheWeights() throws {
    let model = try Self.model()
    var file = model.pyTorchFile()
    file.set("standardisation.mean", shape: [40], floats: (0..<40).map { Float($0) })
    file.set("standardisation.deviation", shape: [40], floats: Array(repeating: 4, count: 40))
    let settings = try FloatModel(pyTorchFile: file, description: nil).description.frontEnd
    #expect(
      settings.standardisation?.mean[3] == 3
        && settings.standardisation?.reciprocalDeviation == Array(repeating: 0.25, count: 40))
    file.set("standardisation.deviation", shape: [40], floats: Array(repeating: 0, count: 40))
    #expect(throws: ModelFileError.self) { try FloatModel(pyTorchFile: file, description: nil) }
    file.set("standardisation.deviation", shape: [39], floats: Array(repeating: 1, count: 39))
    #expect(throws: ModelFileError.self) { try FloatModel(pyTorchFile: file, description: nil) }
  }

  @Test("A tensor that does not fit the network is named")
  func whatDoesNotFitIsNamed() throws {
    let model = try Self.model()
    func expectRefusal(_ name: String, _ change: (inout Safetensors) -> Void) {
      var file = model.pyTorchFile()
      change(&file)
      let error = thrown(ModelFileError.self) { try FloatModel(pyTorchFile: file, description: nil) }
      #expect(error?.problem.contains(name) == true, "\(name): \(error?.description ?? "accepted")")
    }
    expectRefusal("module.extra") { $0.set("module.extra", shape: [1], floats: [0]) }
    expectRefusal("head.bias") { $0.set("head.bias", shape: [6], floats: Array(repeating: 0, count: 6)) }
    expectRefusal("head.bias") { $0.set("head.bias", shape: [7], floats: Array(repeating: .nan, count: 7)) }
    expectRefusal("head.bias") { $0.set("head.bias", shape: [7], int32s: Array(repeating: 0, count: 7)) }
    expectRefusal("format_version") { $0.metadata = [:] }
    expectRefusal("path1.bn.running_var") {
      $0.set("path1.bn.running_var", shape: [16], floats: Array(repeating: -1, count: 16))
    }
  }
}
