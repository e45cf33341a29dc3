import SerdLearning
import SerdNetwork
import SerdTestKit
import Testing

/// What `sertrain logits` writes.
@Suite struct LogitsSampleTests {
  @Test("A sample of logits holds inputs up to the clip and their logits, the same ones for the same seed")
  func holdsInputsWithinTheClipAndTheirLogits() throws {
    let architecture = TestModels.narrow(.prelu)
    let model = try QuantisationTests.model(architecture)
    let file = try Safetensors(parsing: LogitsSample.file(model: .float(model), count: 3, seed: 1).serialised())
    let inputs = try file.floats("input", shape: [3, 1, QuantisationTests.frames, 40])
    #expect(inputs.min()! < -9.9 && inputs.max()! > 9.9 && inputs.allSatisfy { abs($0) <= 10 })
    let expected = try QuantisationTests.logits(model.tensors, architecture, inputs)
    #expect(try relativeError(file.floats("logits", shape: [3, 7]), expected) == 0)
    let (again, other) = try (
      LogitsSample.file(model: .float(model), count: 3, seed: 1),
      LogitsSample.file(model: .float(model), count: 3, seed: 2)
    )
    // Compared before #expect, which would print the bytes.
    let (isSame, isOther) = (again.serialised() == file.serialised(), other.serialised() != file.serialised())
    #expect(isSame && isOther)
  }

  @Test("The logits of an int8 model are those of its integer network")
  func anInt8ModelsLogitsAreThoseOfItsIntegers() throws {
    let model = try TestModels.quantised(TestModels.narrow(.relu))
    let file = try LogitsSample.file(model: .int8(model), count: 2, seed: 1)
    let (frames, coefficients) = (model.description.windowFrames, model.description.frontEnd.coefficients)
    let inputs = try file.floats("input", shape: [2, 1, frames, coefficients])
    let network = Int8Network(model: model)
    let expected = [inputs.prefix(frames * coefficients), inputs.suffix(frames * coefficients)]
      .flatMap { network.logits(scaledInput: Array($0)) }
    #expect(try file.floats("logits", shape: [2, 7]) == expected)
  }

  @Test("Logits that are no numbers are an error")
  func answersThatAreNoNumbersAreAnError() throws {
    let model = try QuantisationTests.model(TestModels.narrow(.relu)) { tensors in
      tensors["head.weight"]!.values = tensors["head.weight"]!.values.map { _ in 3e38 }
    }
    let error = thrown(ModelFileError.self) { try LogitsSample.file(model: .float(model), count: 1, seed: 1) }
    #expect(error?.problem.contains("not finite") == true)
  }
}
