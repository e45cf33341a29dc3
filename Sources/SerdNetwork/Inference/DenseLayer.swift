import CInt8Kernels

/// The dense layer on stored bytes: int32 products and bias, then one float32 factor per class, no rounding.
package struct DenseLayer {
  private let flip: UInt8
  private let weights: [Int8]
  private let biases: [Int32]
  private let factors: [Float]

  /// The head of a model, for kernels that store bytes with this flip.
  package init(model: QuantisedModel, flip: UInt8) {
    let input = model.activations.body.last ?? model.activations.paths
    let zero = flip == 0 ? input.zeroPoint : input.zeroPoint + 128
    self.flip = flip
    weights = model.head.values
    let inputs = weights.count / model.head.biases.count
    biases = model.head.biases.enumerated().map { index, bias in
      let row = model.head.values[index * inputs..<(index + 1) * inputs]
      return Int32(Int(bias) - zero * row.reduce(0) { $0 + Int($1) })
    }
    factors = model.head.scales.map { input.scale * $0 }
  }

  /// Writes one logit per class; `sums` has room for as many.
  package func apply(_ vector: UnsafePointer<UInt8>, sums: UnsafeMutablePointer<Int32>, into logits: inout [Float]) {
    let count = biases.count
    serd_int8_dense(vector, flip, weights, biases, Int32(weights.count / count), Int32(count), sums)
    for c in 0..<count { logits[c] = Float(sums[c]) * factors[c] }
  }
}
