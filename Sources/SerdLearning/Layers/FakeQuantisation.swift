import SerdNetwork

/// Rounds a float network's weights and activations to the grids of its int8 form while it trains (Jacob et al. 2018,
/// arXiv 1712.05877), so that the last epochs learn to live with the rounding.
///
/// The grids of the activations are fixed; those of the weights follow the weights, as `Quantiser` would choose them.
/// Rounding commutes with the scale that batch norm puts on a channel, so the weights are rounded before it, and
/// statistics must be frozen. Biases and PReLU slopes stay float: int8 rounds biases to millionths, and slopes not at
/// all.
package struct FakeQuantisation: Sendable {
  /// Of input, concatenated paths, and body blocks (the last: after the global pool).
  package let activations: QuantisedModel.Activations

  package init(activations: QuantisedModel.Activations) { self.activations = activations }

  /// The parameters with all weights rounded to 127 steps of each output channel's largest magnitude. The rounding's
  /// gradient is taken as 1: nothing is clamped.
  package func rounded(_ parameters: [Float], table: ParameterTable) -> [Float] {
    var result = parameters
    for entry in table.entries where !entry.isRunning && entry.shape.count > 1 {
      let outputs = entry.shape[0]
      let perOutput = entry.count / outputs
      // Convolutions are stored output channel last, the dense layer output first.
      let (outputStride, stride) = entry.shape.count == 4 ? (1, outputs) : (perOutput, 1)
      var largest = [Float](repeating: 0, count: outputs)
      func forEach(_ body: (_ output: Int, _ index: Int) -> Void) {
        for k in 0..<perOutput {
          for o in 0..<outputs { body(o, entry.offset + k * stride + o * outputStride) }
        }
      }
      forEach { output, index in largest[output] = max(largest[output], abs(parameters[index])) }
      let scales = largest.map { max($0 / 127, 1e-8) }
      forEach { output, index in
        result[index] = (parameters[index] / scales[output]).rounded(.toNearestOrEven) * scales[output]
      }
    }
    return result
  }
}

extension QuantisedModel.Activation {
  /// Rounds values to this grid in place; with `inside`, writes 1 for each that lies within the grid and 0 for each
  /// that is clamped.
  package func round(_ values: UnsafeMutablePointer<Float>, count: Int, inside: UnsafeMutablePointer<Float>?) {
    let (low, high) = (Float(-128 - zeroPoint), Float(127 - zeroPoint))
    let scale = scale
    if let inside {
      for i in 0..<count {
        let steps = (values[i] / scale).rounded(.toNearestOrEven)
        inside[i] = steps >= low && steps <= high ? 1 : 0
        values[i] = max(low, min(high, steps)) * scale
      }
    } else {
      for i in 0..<count { values[i] = max(low, min(high, (values[i] / scale).rounded(.toNearestOrEven))) * scale }
    }
  }
}
