/// The arithmetic of the int8 encoder: what CEncoderKernels computes, one value after the other. Every kernel equals
/// this to the bit, so the order of each operation is part of it, and so is what is multiplied and added at once
/// (`addingProduct`).
package enum EncoderArithmetic {
  /// A row's grid: value = scale × (q - zero).
  package struct Grid: Equatable {
    package let scale: Float
    package let zero: Int32
  }

  /// A sum has sixteen lanes, then halves are added: lane i + 8 to lane i, and so on.
  package static func sum(_ values: [Float]) -> Float {
    total(of: values.enumerated().reduce(into: noLanes) { $0[$1.offset % 16] += $1.element })
  }

  /// The same of squares, each multiplied and added at once.
  static func squareSum(_ values: [Float]) -> Float {
    total(of: values.enumerated().reduce(into: noLanes) { $0[$1.offset % 16].addProduct($1.element, $1.element) })
  }

  private static let noLanes = [Float](repeating: 0, count: 16)

  private static func total(of lanes: [Float]) -> Float {
    var lanes = lanes
    for width in [8, 4, 2, 1] {
      for i in 0..<width { lanes[i] += lanes[i + width] }
    }
    return lanes[0]
  }

  package static func normalised(_ row: [Float], _ norm: LayerNorm) -> [Float] {
    let mean = sum(row) / Float(row.count)
    let variance = squareSum(row.map { $0 - mean }) / Float(row.count)
    let factor = 1 / (variance + 1e-5).squareRoot()
    return row.indices.map { norm.biases[$0].addingProduct((row[$0] - mean) * factor, norm.weights[$0]) }
  }

  /// The smallest grid that holds all values and 0.
  package static func quantised(_ row: [Float]) -> (values: [Int8], grid: Grid) {
    let (low, high) = (min(0, row.min()!), max(0, row.max()!))
    let scale = max(high - low, 1e-12) / 255
    let steps = 1 / scale
    let zero = -128 - Int32((low * steps).rounded(.toNearestOrEven))
    let values = row.map {
      Int8(max(-128, min(127, Int32(($0 * steps).rounded(.toNearestOrEven)) + zero)))
    }
    return (values, Grid(scale: scale, zero: zero))
  }

  /// Sums of bytes' products back to values.
  package static func product(_ row: [Int8], _ grid: Grid, _ product: QuantisedProduct) -> [Float] {
    (0..<product.outputs).map { output in
      var (sum, weightSum): (Int32, Int32) = (0, 0)
      for i in 0..<product.inputs {
        let weight = Int32(product.weights[output * product.inputs + i])
        sum += Int32(row[i]) * weight
        weightSum += weight
      }
      return product.biases[output].addingProduct(
        Float(sum - grid.zero * weightSum), grid.scale * product.scales[output])
    }
  }

  /// x Φ(x): a polynomial up to 4.25, constant Φ beyond.
  package static func gelu(_ x: Float) -> Float {
    let u = max(min(x, 4.25), -4.25)
    let s = u * u
    let p = polynomial(
      [
        5.56484962e-11, -5.32775069e-9, 2.25542564e-7, -5.6264239e-6, 9.34186537e-5, -1.10856048e-3, 9.81596857e-3,
        -6.63444847e-2, 0.398902297,
      ], s)
    return x * Float(0.5).addingProduct(u, p)
  }

  /// exp(x) for x of at most 0; that of -87 below it.
  package static func exponential(_ x: Float) -> Float {
    let x = max(x, -87)
    let rounder: Float = 12_582_912  // 1.5 · 2^23
    let n = rounder.addingProduct(x, 1.44269504) - rounder
    let f = x.addingProduct(n, -0.693359375).addingProduct(n, 2.12194440e-4)
    let p = f.addingProduct(polynomial([1.3941013e-3, 8.36311281e-3, 4.16663773e-2, 0.166665778, 0.5], f), f * f) + 1
    return Float(bitPattern: p.bitPattern &+ UInt32(bitPattern: Int32(n)) << 23)
  }

  /// By Horner, the highest coefficient first.
  private static func polynomial(_ coefficients: [Float], _ x: Float) -> Float {
    coefficients.dropFirst().reduce(coefficients[0]) { $1.addingProduct($0, x) }
  }

  package static func softmax(_ row: [Float]) -> [Float] {
    let largest = row.max()!
    let weights = row.map { exponential($0 - largest) }
    let reciprocal = 1 / sum(weights)
    return weights.map { $0 * reciprocal }
  }

  /// Σ_k a[k] b[k], k ascending.
  package static func dotProduct(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Float {
    zip(a, b).reduce(0) { $0.addingProduct($1.0, $1.1) }
  }

  /// The mean of a column, then its deviation.
  package static func moments(_ column: [Float]) -> (mean: Float, deviation: Float) {
    let mean = column.reduce(0, +) / Float(column.count)
    let squares = column.reduce(Float(0)) { $0.addingProduct($1 - mean, $1 - mean) }
    return (mean, (squares / Float(column.count)).squareRoot())
  }
}
