import SerdFeatures
import SerdNetwork

/// Quantisation: a float model to the int8 model of ARCHITECTURE.md, "Int8 arithmetic".
///
/// Batch norm is folded; weights get one symmetric scale per output channel; activations get grids from what they were
/// on the calibration windows; biases are rounded to the accumulator's grid. What ranges the grids cover is a
/// `RangeChoice`.
package enum Quantiser {
  /// - Parameter inputs: scaled windows of training speakers, one after the other; a few hundred are plenty.
  /// - Throws: `ModelFileError` if the result could overflow or is not finite (weights that no training leaves behind).
  package static func quantise(
    _ model: FloatModel, calibrationInputs inputs: [Float], ranges: RangeChoice = .extremes
  ) throws -> QuantisedModel {
    try quantise(model, activations: activations(of: model, inputs: inputs, ranges: ranges))
  }

  /// The grids of a float model's activations on some windows.
  package static func activations(
    of model: FloatModel, inputs: [Float], ranges: RangeChoice
  ) throws -> QuantisedModel.Activations {
    let description = model.description
    let calibration = Calibration(network: try TrainableNetwork(model), inputs: inputs, ranges: ranges)
    if let block = calibration.defectiveBlock {
      throw ModelFileError("the float model's activations are not finite in \(block)", advice: "train it again")
    }
    return QuantisedModel.Activations(
      input: QuantisedModel.inputActivation(clip: description.frontEnd.clip), paths: calibration.grids[0],
      body: Array(calibration.grids.dropFirst()))
  }

  /// With given grids for the activations: those that a quantisation-aware training has seen.
  package static func quantise(
    _ model: FloatModel, activations: QuantisedModel.Activations
  ) throws -> QuantisedModel {
    let description = model.description
    let pathCount = description.architecture.paths.count
    let layers = try description.layerShapes.enumerated().map { index, shape in
      let inputScale =
        index < pathCount
        ? activations.input.scale
        : index == pathCount ? activations.paths.scale : activations.body[index - pathCount - 1].scale
      let folded = try FoldedConvolution(model: model, layer: shape)
      return weights(
        folded.weights, biases: folded.biases, slopes: folded.slopes, inputScale: inputScale)
    }
    let head = weights(
      model.tensors["head.weight"]!.values, biases: model.tensors["head.bias"]!.values, slopes: [],
      inputScale: activations.body.last!.scale)
    return try QuantisedModel(description: description, activations: activations, layers: layers, head: head)
  }

  /// Largest bias in steps of the accumulator: a millionth is resolution enough, and a pool of hundreds of cells can
  /// sum it.
  private static let largestBias = Float(1 << 20)

  private static func weights(
    _ values: [Float], biases: [Float], slopes: [Float], inputScale: Float
  ) -> QuantisedModel.Weights {
    let perChannel = values.count / biases.count
    var quantised: [Int8] = []
    var scales: [Float] = []
    var integerBiases: [Int32] = []
    for c in biases.indices {
      let row = values[c * perChannel..<(c + 1) * perChannel]
      // A channel with hardly any weights gets the scale that its bias needs, or the bias alone would fill the
      // accumulator.
      let biasScale = abs(biases[c]) / (inputScale * largestBias)
      let scale = max(row.reduce(0) { max($0, abs($1)) } / 127, biasScale, 1e-8)
      quantised += row.map { Int8(max(-127, min(127, ($0 / scale).rounded(.toNearestOrEven)))) }
      scales.append(scale)
      let steps = (Double(biases[c]) / (Double(inputScale) * Double(scale))).rounded(.toNearestOrEven)
      integerBiases.append(Int32(max(-1e9, min(1e9, steps))))
    }
    return QuantisedModel.Weights(values: quantised, scales: scales, biases: integerBiases, slopes: slopes)
  }
}
