import SerdFeatures
import SerdNetwork
import SerdTestKit
import Testing

@Suite struct ModelFileTests {
  private let model = try! TestModels.quantised(TestModels.narrow(.prelu))

  @Test(
    "A quantised model is the same after its file, and the file after the model",
    arguments: [NetworkArchitecture.Activation.relu, .prelu])
  func quantisedModelSurvivesItsFile(activation: NetworkArchitecture.Activation) throws {
    let model = try TestModels.quantised(TestModels.narrow(activation))
    let bytes = model.serialised()
    let again = try QuantisedModel(parsing: bytes)
    #expect(again.description == model.description)
    #expect(again.activations == model.activations)
    #expect(again.layers == model.layers)
    #expect(again.head == model.head)
    #expect(again.serialised() == bytes)
  }

  @Test("A float model is the same after its file, is not read as int8, and needs all its tensors")
  func floatModelSurvivesItsFile() throws {
    let shapes = FloatModel.expectedShapes(.report, classes: 7)
    let tensors = Dictionary(
      uniqueKeysWithValues: shapes.map { name, shape in
        (name, FloatModel.Tensor(shape: shape, values: (0..<shape.reduce(1, *)).map { Float($0) * 0.01 }))
      })
    var description = model.description
    description.architecture = .report
    let float = try FloatModel(description: description, tensors: tensors)
    let again = try FloatModel(parsing: float.serialised())
    #expect(again.tensors == float.tensors)
    #expect(again.description == description)
    #expect(throws: ModelFileError.self) { try QuantisedModel(parsing: float.serialised()) }
    var missing = tensors
    missing["body3.bn.bias"] = nil
    #expect(throws: ModelFileError.self) { try FloatModel(description: description, tensors: missing) }
  }

  /// Whichever byte is damaged, the file is refused: the checksum covers what the other checks cannot see.
  @Test("Whichever bit is flipped, the file is refused")
  func everyFlippedBitIsFound() {
    let bytes = model.serialised()
    var generator = TestGenerator(seed: 3)
    for _ in 0..<300 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      #expect(throws: ModelFileError.self) { try QuantisedModel(parsing: damaged) }
    }
  }

  @Test("Wherever it is cut, and with a byte more, the file is refused")
  func everyTruncationIsFound() {
    let bytes = model.serialised()
    for length in Array(0..<64) + stride(from: 64, to: bytes.count, by: bytes.count / 97) {
      #expect(throws: ModelFileError.self) { try QuantisedModel(parsing: Array(bytes[..<length])) }
    }
    #expect(throws: ModelFileError.self) { try QuantisedModel(parsing: bytes + [0]) }
  }

  /// Another front end, as a newer or edited file would have it.
  @Test("A description that no model can have, or no small machine can run, is refused")
  func impossibleDescriptionsAreRefused() {
    let changes: [(inout ModelDescription) -> Void] = [
      { $0.frontEnd.sampleRate = 8000 }, { $0.frontEnd.clip = 3 }, { $0.windowFrames = 0 }, { $0.windowFrames = 5000 },
      { $0.labels = ["one"] }, { $0.labels[1] = $0.labels[0] }, { $0.architecture.body.removeLast() },
      { $0.architecture.paths[0].pool = nil }, { $0.architecture.body[1].channels = -16 },
      { $0.architecture.body[4].pool = .init(2, 2) }, { $0.architecture.batchNormEpsilon = 0 },
      { $0.architecture.paths[0].kernel = .init(2, 2) },
      { $0.temperature = 0 }, { $0.temperature = -1 }, { $0.temperature = .nan }, { $0.temperature = .infinity },
      { $0.temperature = 21 }, { $0.temperature = 0.01 },
      // Too much for any small machine, in a file of a few kilobytes: multiply-adds, then memory.
      {
        $0.windowFrames = 1024; for i in 0..<3 { $0.architecture.paths[i].channels = 1024 }
      },
      { description in
        for i in 0..<3 { description.architecture.paths[i].channels = 1024 }
        for i in 0..<5 { description.architecture.body[i].channels = 1 }
        (description.windowFrames, description.architecture.paths[0].kernel) = (1024, .init(1, 1))
      },
    ]
    for change in changes {
      var description = model.description
      change(&description)
      #expect(throws: ModelFileError.self) {
        try QuantisedModel(
          description: description, activations: model.activations, layers: model.layers, head: model.head)
      }
    }
  }

  @Test("Values that could overflow are refused, and so are missing ones")
  func valuesThatCouldOverflowAreRefused() {
    func expectRefused(_ change: (inout QuantisedModel.Weights, inout QuantisedModel.Activations) -> Void) {
      var (weights, activations) = (model.layers, model.activations)
      change(&weights[4], &activations)
      #expect(throws: ModelFileError.self) {
        try QuantisedModel(description: model.description, activations: activations, layers: weights, head: model.head)
      }
    }
    expectRefused { weights, _ in weights.values[0] = -128 }
    expectRefused { weights, _ in weights.biases[0] = .max }
    expectRefused { weights, _ in weights.biases[0] = .min }
    expectRefused { weights, _ in weights.scales[0] = .infinity }
    expectRefused { weights, _ in weights.scales[0] = 1e6 }
    expectRefused { weights, _ in weights.scales[0] = 0 }
    expectRefused { weights, _ in weights.slopes[0] = 1e9 }
    expectRefused { weights, _ in weights.slopes[0] = .nan }
    expectRefused { weights, _ in weights.slopes.removeLast() }
    expectRefused { weights, _ in weights.values.removeLast() }
    expectRefused { _, activations in activations.paths.scale = 0 }
    expectRefused { _, activations in activations.paths.scale = 1e-9 }
    expectRefused { _, activations in activations.body[0].zeroPoint = 128 }
    expectRefused { _, activations in activations.body.removeLast() }
    expectRefused { _, activations in activations.input.scale = 1 }
  }

  @Test("A model path that is missing, a folder or a device is named")
  func filesThatCannotBeReadAreNamed() {
    for path in ["/nowhere/model.safetensors", "/", "/dev/null"] {
      do throws(ModelFileError) {
        _ = try ModelFile.bytes(path: path)
        Issue.record("\(path) was read")
      } catch {
        #expect(error.cause == .noInput && error.description.contains(path))
      }
    }
  }

  @Test("SHA-256 is the standard's")
  func sha256IsTheStandard() {
    // FIPS 180-4 example: "abc".
    #expect(
      ModelFile.sha256(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("The variants have the published numbers of parameters and operations, and no defect")
  func variantsHaveThePublishedSizes() {
    #expect(NetworkArchitecture.paper.trainableParameters(classes: 7) == 461_703)
    for (frames, millions) in [(122, 106.4), (184, 159.3)] {
      let exact = Double(NetworkArchitecture.paper.multiplyAdds(frames: frames, coefficients: 40, classes: 7)) / 1e6
      #expect((exact * 10).rounded() / 10 == millions)
    }
    #expect(NetworkArchitecture.variants.allSatisfy { $0.defect() == nil })
  }
}
