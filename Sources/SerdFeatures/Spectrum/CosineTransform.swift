import Glibc

/// The DCT-II of a log mel spectrum, first coefficients only, scaled as `tf.signal.mfccs_from_log_mel_spectrograms`:
/// c[k] = 2 / √(2N) · Σ x[m] cos(π k (2m + 1) / 2N). (The report's "inverse DCT" is this transform.)
struct CosineTransform: Sendable {
  private let table: [Float]
  private let bands: Int
  let coefficients: Int

  init(bands: Int, coefficients: Int) {
    self.bands = bands
    self.coefficients = coefficients
    let scale = 2 / (2 * Double(bands)).squareRoot()
    table = (0..<coefficients).flatMap { k in
      (0..<bands).map { m in Float(scale * cos(.pi * Double(k) * Double(2 * m + 1) / Double(2 * bands))) }
    }
  }

  /// Reads `bands` values, writes `coefficients`. Sixteen partial sums, so that the compiler can vectorise and rounding stays small.
  func apply(_ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
    table.withUnsafeBufferPointer { table in
      for k in 0..<coefficients {
        let row = table.baseAddress! + k * bands
        var sums = SIMD16<Float>.zero
        var m = 0
        while m + 16 <= bands {
          let a = UnsafeRawPointer(row + m).loadUnaligned(as: SIMD16<Float>.self)
          let b = UnsafeRawPointer(input + m).loadUnaligned(as: SIMD16<Float>.self)
          sums += a * b
          m += 16
        }
        var sum = sums.sum()
        while m < bands {
          sum += row[m] * input[m]
          m += 1
        }
        output[k] = sum
      }
    }
  }
}
