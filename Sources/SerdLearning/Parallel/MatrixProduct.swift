import COpenBLAS

/// A row-major float32 matrix in memory: not its owner, and without its size.
package struct Matrix {
  /// First element.
  package let base: UnsafePointer<Float>
  /// Elements from one stored row to the next.
  package let stride: Int
  /// Whether it is stored with rows and columns exchanged.
  package let isTransposed: Bool

  @inline(__always)
  package init(_ base: UnsafePointer<Float>, stride: Int, transposed: Bool = false) {
    self.base = base
    self.stride = stride
    isTransposed = transposed
  }

  /// result ← self·other + beta·result, by OpenBLAS: self is rows × depth, other depth × columns.
  @inline(__always)
  package func multiply(
    _ other: Matrix, into result: UnsafeMutablePointer<Float>, stride resultStride: Int, adding beta: Float = 0,
    rows: Int, columns: Int, depth: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, isTransposed ? CblasTrans : CblasNoTrans, other.isTransposed ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(depth), 1, base, blasint(stride), other.base, blasint(other.stride),
      beta, result, blasint(resultStride))
  }
}
