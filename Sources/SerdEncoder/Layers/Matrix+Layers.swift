import Glibc

/// The encoder's functions that are no products, by their definitions.
extension Matrix {
  /// x · Φ(x), Φ being the normal distribution.
  func gelu() -> Matrix {
    Matrix(values.map { 0.5 * $0 * (1 + erff($0 / Float(2).squareRoot())) }, columns: columns)
  }

  /// Each row less its mean, over its deviation, times the weights, plus the biases.
  func normalised(_ norm: LayerNorm) -> Matrix {
    var result = self
    for row in 0..<rows {
      let mean = self[row].reduce(0, +) / Float(columns)
      let variance = self[row].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(columns)
      let factor = 1 / (variance + 1e-5).squareRoot()
      for i in 0..<columns {
        let place = row * columns + i
        result.values[place] = (values[place] - mean) * factor * norm.weights[i] + norm.biases[i]
      }
    }
    return result
  }

  /// Of rows of queries, keys and values: for each head and query, the values weighed by the softmax of the products of
  /// query and keys over √(values per head).
  func attention(_ shape: EncoderShape) -> Matrix {
    let (width, headWidth) = (shape.width, shape.headWidth)
    let scale = 1 / Float(headWidth).squareRoot()
    var result = Matrix(rows: rows, columns: width)
    for head in 0..<shape.heads {
      func place(_ row: Int, part: Int) -> Int { row * columns + part * width + head * headWidth }
      for query in 0..<rows {
        var weights = (0..<rows).map { key in
          (0..<headWidth).reduce(Float(0)) {
            $0 + values[place(query, part: 0) + $1] * values[place(key, part: 1) + $1]
          } * scale
        }
        let largest = weights.max()!
        weights = weights.map { expf($0 - largest) }
        let sum = weights.reduce(0, +)
        for i in 0..<headWidth {
          result.values[query * width + head * headWidth + i] =
            (0..<rows).reduce(0) { $0 + weights[$1] * values[place($1, part: 2) + i] } / sum
        }
      }
    }
    return result
  }

  /// Sines of geometrically falling frequencies, then their cosines, for each row's number.
  static func positions(rows: Int, columns: Int) -> Matrix {
    var result = Matrix(rows: rows, columns: columns)
    let half = columns / 2
    for row in 0..<rows {
      for i in 0..<half {
        let angle = Double(row) * exp(-log(10000) / Double(half - 1) * Double(i))
        result.values[row * columns + i] = Float(sin(angle))
        result.values[row * columns + half + i] = Float(cos(angle))
      }
    }
    return result
  }
}
