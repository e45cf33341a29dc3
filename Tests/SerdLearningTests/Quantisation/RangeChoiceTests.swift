import SerdLearning
import SerdNetwork
import SerdTestKit
import Testing

/// Ranges of least error against those from least to greatest value.
@Suite struct RangeChoiceTests {
  /// One input in a thousand is an outlier: with it in the range every step is coarse.
  @Test("With ranges of least error an outlier does not make every step coarse")
  func anOutlierDoesNotMakeEveryStepCoarse() throws {
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

  /// Mean square error of some values on a grid, by the definition.
  private func error(_ values: [Float], _ grid: QuantisedModel.Activation) -> Float {
    var rounded = values
    grid.round(&rounded, count: values.count, inside: nil)
    return zip(values, rounded).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Float(values.count)
  }

  private func choice(
    _ values: [Float], times: Int = 1, and outlier: Float? = nil
  ) -> (extremes: QuantisedModel.Activation, best: QuantisedModel.Activation) {
    let all = values + (outlier.map { [$0] } ?? [])
    var histogram = RangeHistogram(low: all.min()!, high: all.max()!)
    for _ in 0..<times { histogram.count(values) }
    if let outlier { histogram.count([outlier]) }
    return (QuantisedModel.Activation(covering: all.min()!, all.max()!), histogram.bestGrid())
  }

  /// Twenty million values of a normal distribution, as activations have them, and one at 40 deviations. Steps over all
  /// of it are 44/12 as coarse as those from -4 to 8, where the search ends: 13 times the square error, and the one
  /// costs a fiftieth of that.
  @Test("A rare outlier is clamped if that loses less, and a more frequent one is not")
  func aRareOutlierIsClampedIfThatLosesLess() {
    var generator = SeededGenerator(seed: 2)
    let values = (0..<50_000).map { _ in generator.gaussian() }
    let (extremes, best) = choice(values, times: 400, and: 40)
    #expect(best.scale < extremes.scale / 3 && error(values, best) < error(values, extremes) / 9)
    // As often as one in a hundred thousand, it must be heard.
    let seldom = choice(values, times: 2, and: 40)
    #expect(seldom.best.scale > extremes.scale / 2)
    let without = choice(values)
    #expect(without.best.scale > 0.7 * without.extremes.scale, "the tails of the normal distribution alone")
    #expect(error(values, without.best) <= 1.001 * error(values, without.extremes))
  }

  /// Every value is as likely as any other: nothing can be clamped without loss, and zero stays exact.
  @Test("An even distribution keeps its whole range, and zero stays exact", arguments: [Float(0), -3])
  func anEvenDistributionKeepsItsRange(low: Float) {
    var generator = SeededGenerator(seed: 3)
    let (extremes, best) = choice((0..<20_000).map { _ in low + (5 - low) * generator.uniform() })
    #expect(best == extremes)
    #expect(low < 0 || best.zeroPoint == -128)
  }

  /// Within the tolerance of `QuantisationTests.int8AnswersAreNearFloat`, squared.
  @Test("With ranges of least error answers stay near those in float", arguments: QuantisationTests.architectures)
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
    #expect(error < 0.01 * spread, "error \(error), spread \(spread)")
  }
}
