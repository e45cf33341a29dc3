import Glibc

/// The DCT-II of a log mel spectrum, first coefficients only, scaled as `tf.signal.mfccs_from_log_mel_spectrograms`:
/// c[k] = 2 / √(2N) · Σ x[m] cos(π k (2m + 1) / 2N). (The report's "inverse DCT" is this transform.)
///
/// The cosines of an even k are symmetric about the middle of x, those of an odd k antisymmetric: sums and differences
/// of the two ends halve the multiplications. Eight coefficients at a time.
final class CosineTransform {
  private let bands: Int
  private let coefficients: Int
  /// Length of the sums and of the differences, and number of rows, rounded up to multiples of eight.
  private let (length, rows): (Int, Int)
  /// [rows / 8][length / 8][8 rows][8].
  private let table: AlignedFloats
  /// Sums, differences, and all rows' results.
  private let work: AlignedFloats

  init(bands: Int, coefficients: Int) {
    self.bands = bands
    self.coefficients = coefficients
    let (length, rows) = (((bands + 1) / 2 + 7) & ~7, (coefficients + 7) & ~7)
    let scale = 2 / (2 * Double(bands)).squareRoot()
    var table = [Float](repeating: 0, count: rows * length)
    for k in 0..<coefficients {
      for m in 0..<(bands + 1) / 2 {
        let block = k / 8 * (length / 8) + m / 8
        let value = scale * cos(.pi * Double(k) * Double(2 * m + 1) / Double(2 * bands))
        table[(block * 8 + k % 8) * 8 + m % 8] = Float(value)
      }
    }
    (self.length, self.rows) = (length, rows)
    self.table = AlignedFloats(table)
    work = AlignedFloats(count: 2 * length + rows)
  }

  /// Reads `bands` values, writes `coefficients`.
  func apply(_ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, kernels: FrontEndKernels) {
    let (sums, differences, results) = (work.start, work.start + length, work.start + 2 * length)
    kernels.table.fold(input, sums, differences, Int32(bands))
    kernels.table.cosine(sums, differences, table.start, results, Int32(length), Int32(rows))
    output.update(from: results, count: coefficients)
  }
}
