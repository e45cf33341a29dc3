import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// Ranges of least error against those from least to greatest value.
@Suite struct RangeChoiceTests {
  /// One input in a thousand is an outlier: with it in the range every step is coarse.
  @Test func anOutlierDoesNotMakeEveryStepCoarse() throws {
    let model = try QuantisationTests.model(TestModels.narrow(.relu))
    var inputs = QuantisationTests.inputs(64, seed: 6)
    for i in 0..<QuantisationTests.frames * 40 { inputs[i] = inputs[i] > 0 ? 10 : -10 }
    let wide = try Quantiser.activations(of: model, inputs: inputs, ranges: .extremes)
    let narrow = try Quantiser.activations(of: model, inputs: inputs, ranges: .leastError)
    #expect(narrow.input == wide.input, "the input's range is fixed by the clip")
    let (wideScales, narrowScales) = (
      (wide.body + [wide.paths]).map(\.scale), (narrow.body + [narrow.paths]).map(\.scale)
    )
    #expect(zip(narrowScales, wideScales).allSatisfy { $0 <= $1 } && narrowScales != wideScales)
  }

  /// Weights of which one is far larger: clamping it costs more than the coarse steps only if it is rare enough.
  @Test(arguments: QuantisationTests.architectures)
  func weightsLoseNoMoreThanBefore(architecture: NetworkArchitecture) throws {
    let model = try QuantisationTests.model(architecture)
    let inputs = QuantisationTests.inputs(8, seed: 6)
    func error(_ ranges: RangeChoice) throws -> Float {
      let int8 = try Quantiser.quantise(model, calibrationInputs: inputs, ranges: ranges)
      return try zip(model.description.layerShapes, int8.layers).reduce(0) { sum, layer in
        let folded = try FoldedConvolution(model: model, layer: layer.0).weights
        let perOutput = folded.count / layer.0.block.channels
        return sum
          + folded.indices.reduce(0) { sum, index in
            let difference = Float(layer.1.values[index]) * layer.1.scales[index / perOutput] - folded[index]
            return sum + difference * difference
          }
      }
    }
    let (extremes, least) = try (error(.extremes), error(.leastError))
    #expect(least < extremes)
  }

  @Test(arguments: QuantisationTests.architectures)
  func answersStayNearFloat(architecture: NetworkArchitecture) throws {
    let model = try QuantisationTests.model(architecture)
    let int8 = Int8ReferenceNetwork(
      model: try Quantiser.quantise(
        model, calibrationInputs: QuantisationTests.inputs(64, seed: 6), ranges: .leastError))
    let inputs = QuantisationTests.inputs(16, seed: 7)
    let size = QuantisationTests.frames * 40
    let float = try QuantisationTests.logits(model.tensors, architecture, inputs)
    let actual = (0..<16).flatMap { int8.logits(scaledInput: Array(inputs[$0 * size..<($0 + 1) * size])) }
    let mean = float.reduce(0, +) / Float(float.count)
    let spread = float.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = zip(actual, float).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(error < 0.02 * spread, "error \(error), spread \(spread)")
  }
}
