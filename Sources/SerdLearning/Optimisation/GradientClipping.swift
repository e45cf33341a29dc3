/// Limits on a gradient's length.
package enum GradientClipping {
  /// Euclidean norm, summed in double.
  package static func norm(_ gradients: [Float]) -> Double {
    gradients.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  /// Scales the gradients so that their norm is at most `limit` (Pascanu et al. 2013, arXiv 1211.5063), and returns the
  /// norm that they had. Shorter ones are left as they are; so is a norm that is not finite, for the caller to see.
  @discardableResult
  package static func clip(_ gradients: inout [Float], toNorm limit: Double) -> Double {
    precondition(limit > 0, "a gradient cannot be clipped to the norm \(limit)")
    let norm = norm(gradients)
    guard norm.isFinite, norm > limit else { return norm }
    let factor = Float(limit / norm)
    for i in gradients.indices { gradients[i] *= factor }
    return norm
  }
}

extension TrainableNetwork {
  /// Scales `gradients` so that their norm is at most `limit`; returns the norm that they had.
  @discardableResult
  package func clipGradients(toNorm limit: Double) -> Double { GradientClipping.clip(&gradients, toNorm: limit) }
}
