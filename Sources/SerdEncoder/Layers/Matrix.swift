/// Rows of floats, one after the other.
package struct Matrix: Equatable, Sendable {
  package var values: [Float]
  package let columns: Int
  package var rows: Int { values.count / columns }

  /// Zeros.
  package init(rows: Int, columns: Int) {
    values = [Float](repeating: 0, count: rows * columns)
    self.columns = columns
  }

  package init(_ values: [Float], columns: Int) {
    precondition(values.count % columns == 0, "\(values.count) values are no rows of \(columns)")
    self.values = values
    self.columns = columns
  }

  package subscript(row: Int) -> ArraySlice<Float> { values[row * columns..<(row + 1) * columns] }

  static func += (left: inout Matrix, right: Matrix) {
    for i in left.values.indices { left.values[i] += right.values[i] }
  }

  /// For each row kept, the rows before, at and after it, one after the other; zeros outside. Every `stride`th row is
  /// kept: what a convolution of three taps multiplies with.
  func threeTaps(stride: Int) -> Matrix {
    var result = Matrix(rows: (rows + stride - 1) / stride, columns: EncoderShape.taps * columns)
    for row in 0..<result.rows {
      for tap in 0..<EncoderShape.taps {
        let source = row * stride + tap - 1
        guard (0..<rows).contains(source) else { continue }
        let first = row * result.columns + tap * columns
        for i in 0..<columns { result.values[first + i] = values[source * columns + i] }
      }
    }
    return result
  }

  /// Each row times the weights, plus the biases.
  func times(_ product: FloatProduct) -> Matrix {
    precondition(columns == product.inputs && columns % 16 == 0)
    var result = Matrix(rows: rows, columns: product.outputs)
    values.withUnsafeBufferPointer { input in
      product.weights.withUnsafeBufferPointer { weights in
        for output in 0..<product.outputs {
          let row = UnsafeRawPointer(weights.baseAddress! + output * columns)
          for token in 0..<rows {
            let sum = dotProduct(UnsafeRawPointer(input.baseAddress! + token * columns), row, count: columns)
            result.values[token * product.outputs + output] = sum + product.biases[output]
          }
        }
      }
    }
    return result
  }
}

/// Sixteen sums side by side, for the compiler's vectors.
private func dotProduct(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, count: Int) -> Float {
  var sums = SIMD16<Float>()
  for i in stride(from: 0, to: 4 * count, by: 64) {
    sums +=
      a.loadUnaligned(fromByteOffset: i, as: SIMD16<Float>.self)
      * b.loadUnaligned(fromByteOffset: i, as: SIMD16<Float>.self)
  }
  return sums.sum()
}
