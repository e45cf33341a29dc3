import SerdNetwork

/// A convolution with its batch norm folded in: w' = w · γ / √(σ² + ε), b' = (b - μ) · γ / √(σ² + ε) + β, computed in
/// double.
package struct FoldedConvolution {
  /// OIHW.
  package let weights: [Float]
  package let biases: [Float]
  package let slopes: [Float]

  /// - Throws: `ModelFileError` if the result is not finite: a negative variance, weights near the end of float32's
  ///   range.
  package init(model: FloatModel, layer: LayerShape) throws(ModelFileError) {
    func values(_ name: String) -> [Float] { model.tensors["\(layer.name).\(name)"]?.values ?? [] }
    let weights = values("conv.weight")
    let (convolutionBias, gain, offset) = (values("conv.bias"), values("bn.weight"), values("bn.bias"))
    let (mean, variance) = (values("bn.running_mean"), values("bn.running_var"))
    let channels = layer.block.channels
    let perChannel = weights.count / channels
    var folded: [Float] = []
    var biases: [Float] = []
    for c in 0..<channels {
      let deviation = (Double(variance[c]) + Double(model.description.architecture.batchNormEpsilon)).squareRoot()
      let factor = Double(gain[c]) / deviation
      folded += weights[c * perChannel..<(c + 1) * perChannel].map { Float(Double($0) * factor) }
      let bias = convolutionBias.isEmpty ? 0 : Double(convolutionBias[c])
      biases.append(Float((bias - Double(mean[c])) * factor + Double(offset[c])))
    }
    guard folded.allSatisfy(\.isFinite), biases.allSatisfy(\.isFinite) else {
      throw ModelFileError(
        "\(layer.name): its weights are not finite once batch norm is folded in", advice: "train it again")
    }
    self.weights = folded
    self.biases = biases
    slopes = values("act.weight")
  }
}
