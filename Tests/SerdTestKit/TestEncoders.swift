import SerdEncoder
import SerdNetwork

extension EncoderLayers where Product == QuantisedProduct {
  /// Random weights, scaled so that values stay as large as they come.
  package static func random(_ shape: EncoderShape, seed: UInt64 = 1, isExtreme: Bool = false) throws
    -> QuantisedEncoder
  {
    var generator = TestGenerator(seed: seed)
    return try QuantisedEncoder(
      shape: shape,
      product: { _, inputs, outputs in
        QuantisedProduct(
          weights: (0..<inputs * outputs / 2).flatMap { _ in
            let largest = QuantisedProduct.largestPair
            let first =
              isExtreme ? [1, 64, 127].randomElement(using: &generator)! : Int.random(in: 1...127, using: &generator)
            let second = isExtreme ? largest - first : Int.random(in: 0...largest - first, using: &generator)
            return [first, second].map { Int8(Bool.random(using: &generator) ? $0 : -$0) }
          },
          scales: (0..<outputs).map { _ in
            Float.random(in: 0.5...2, using: &generator) * 1.5 / (75 * Float(inputs).squareRoot())
          },
          biases: (0..<outputs).map { _ in Float.random(in: -0.5...0.5, using: &generator) })
      },
      norm: { _ in
        LayerNorm(
          weights: (0..<shape.width).map { _ in Float.random(in: 0.5...1.5, using: &generator) },
          biases: (0..<shape.width).map { _ in Float.random(in: -0.5...0.5, using: &generator) })
      })
  }
}

/// Log-mel frames of white noise, some dB apart.
package func randomFrames(_ count: Int, seed: UInt64 = 1) -> [Float] {
  var generator = TestGenerator(seed: seed)
  return (0..<count * EncoderShape.bands).map { _ in Float.random(in: -9...1, using: &generator) }
}
