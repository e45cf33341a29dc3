/// Scratch memory of one worker for the paths: the patches and the convolution's output of a few rows.
final class PathWorkspace {
  /// Rows worked on at once: their output (rows · 40 · 32 floats) stays in the second-level cache.
  static let rows = 16
  /// Rows whose gradients are summed in float.
  static let rowsInFloat = 4
  let patches = Buffer<Float>()
  let wide = Buffer<Double>()
  let z = Buffer<Float>()
  let products = Buffer<Float>()
  let residual = Buffer<Float>()

  func reserve(taps: Int, rows: Int, width: Int, channels: Int) {
    patches.reserve(taps * rows * width)
    wide.reserve(taps * rows * width)
    z.reserve(rows * width * channels)
    products.reserve(taps * channels)
    residual.reserve(rows * width)
  }
}
