import FoundationEssentials
import Glibc
import SerdFeatures
import SerdNetwork
import SerdTestKit
import Testing

/// The temperature of a model: kept in its file, applied by every classifier alike, and 1 where there is none.
@Suite struct TemperatureTests {
  private static func model(_ temperature: Float?) throws -> QuantisedModel {
    let model = try TestModels.quantised(TestModels.narrow(.prelu))
    var description = model.description
    description.temperature = temperature
    return try QuantisedModel(
      description: description, activations: model.activations, layers: model.layers, head: model.head)
  }

  private func answer(_ network: some WindowClassifier) -> [Float] {
    var generator = TestGenerator(seed: 9)
    let values = (0..<37 * 40).map { _ in Float.random(in: -12...12, using: &generator) }
    var probabilities = [Float](repeating: .nan, count: 7)
    values.withUnsafeBufferPointer {
      network.classify(
        FeatureWindow(
          firstFrame: 0, frameCount: 37, coefficientCount: 40, coefficients: $0.baseAddress!, level: -20, gainStep: 0),
        into: &probabilities)
    }
    return probabilities
  }

  @Test("Every classifier applies the temperature, and 1 changes nothing", arguments: [Float(0.4), 1, 1.7, 20])
  func everyClassifierAppliesIt(temperature: Float) throws {
    let model = try Self.model(temperature)
    let expected = answer(Int8ReferenceNetwork(model: model))
    let plain = answer(Int8ReferenceNetwork(model: try Self.model(nil)))
    #expect((expected == plain) == (temperature == 1))
    for set in InstructionSet.available {
      #expect(answer(Int8Network(model: model, instructionSet: set)) == expected, "\(set.name)")
      #expect(answer(model.makeClassifier(instructionSet: set)) == expected, "\(set.name), incremental")
    }
    #expect(abs(expected.reduce(0, +) - 1) < 1e-5)
    // p^(1/T), normalised, and so in the same order.
    let powers = plain.map { powf($0, 1 / temperature) }
    let sum = powers.reduce(0, +)
    for (probability, power) in zip(expected, powers) { #expect(abs(probability - power / sum) < 1e-4) }
  }

  @Test("The file keeps the temperature, and does not mention one where there is none")
  func theFileKeepsIt() throws {
    let bytes = try Self.model(1.7).serialised()
    let again = try QuantisedModel(parsing: bytes)
    #expect(again.description.temperature == 1.7 && again.serialised() == bytes)
    let plain = try Self.model(nil).serialised()
    #expect(
      !String(decoding: plain, as: UTF8.self).contains("temperature"), "an old file stays byte for byte what it was")
  }

  @Test("The shipped model has a temperature, and is written again as it is")
  func theShippedModelHasOneAndIsWrittenAgainAsItIs() throws {
    let bytes = try ModelFile.bytes(path: Golden.folder + "/../../models/emodb.safetensors")
    let model = try QuantisedModel(parsing: bytes)
    #expect(model.description.temperature == model.description.softmaxTemperature)
    let isSame = model.serialised() == bytes
    #expect(isSame, "written again, it is the same file")
  }

  /// As a stranger would send it: the checksum is right, the number is not.
  @Test(
    "Hostile temperatures are refused though the checksum is right",
    arguments: ["0", "-1", "1e39", "1e400", "\"hot\"", "0.001", "1e-400", "[]"])
  func hostileTemperaturesAreRefused(value: String) throws {
    var file = try Safetensors(parsing: Self.model(1.5).serialised())
    let text = try #require(file.metadata["model"])
    file.metadata["model"] = text.replacing("\"temperature\":1.5", with: "\"temperature\":\(value)")
    try #require(file.metadata["model"] != text)
    let bytes = file.sealed()
    #expect(throws: ModelFileError.self) { try QuantisedModel(parsing: bytes) }
  }
}
