import SerdNetwork

/// Activation, optional one-channel residual and average pool of one pooled row at a time, forward and backward.
///
/// Fused, because the tensors before the pool are the largest of the network: a row is read while it is in the cache.
/// ReLU gives max(z, 0); PReLU max(z, 0) + slope·min(z, 0) (He et al. 2015, arXiv 1502.01852); both take the left
/// derivative at 0, as PyTorch does. A pool at an odd edge divides by the number of valid cells.
package struct PooledActivation {
  package let width: Int
  package let channels: Int
  package let pool: NetworkArchitecture.Extent

  package init(width: Int, channels: Int, pool: NetworkArchitecture.Extent?) {
    self.width = width
    self.channels = channels
    self.pool = pool ?? NetworkArchitecture.Extent(1, 1)
  }

  /// Columns after pooling.
  package var pooledWidth: Int { (width + pool.width - 1) / pool.width }

  private func columns(_ cell: Int) -> Range<Int> { cell * pool.width..<min(width, (cell + 1) * pool.width) }

  /// One pooled row from `rows` rows of `z` (at most the pool's height; fewer at the edge).
  ///
  /// `slope` is nil for ReLU. `residual` holds one value per pooled cell, added to all channels. Pixels of `output` lie
  /// `pixelStride` apart, since the paths write side by side.
  package func forward(
    _ z: UnsafePointer<Float>, rows: Int, slope: UnsafePointer<Float>?, residual: UnsafePointer<Float>?,
    into output: UnsafeMutablePointer<Float>, pixelStride: Int
  ) {
    let channels = channels
    let rowStride = width * channels
    for cell in 0..<pooledWidth {
      let columns = columns(cell)
      let out = output + cell * pixelStride
      let factor = 1 / Float(rows * columns.count)
      let base = residual.map { $0[cell] } ?? 0
      let first = z + columns.lowerBound * channels
      if rows == 2 && columns.count == 2 {
        let (a, b, c, d) = (first, first + channels, first + rowStride, first + rowStride + channels)
        if let slope {
          for i in 0..<channels {
            let positive = (positive(a[i]) + positive(b[i])) + (positive(c[i]) + positive(d[i]))
            // The negative parts are what is left of the sum.
            let negative = ((a[i] + b[i]) + (c[i] + d[i])) - positive
            out[i] = factor * (positive + slope[i] * negative) + base
          }
        } else {
          for i in 0..<channels {
            out[i] = factor * ((positive(a[i]) + positive(b[i])) + (positive(c[i]) + positive(d[i]))) + base
          }
        }
        continue
      }
      for i in 0..<channels { out[i] = base }
      for row in 0..<rows {
        for column in columns {
          let p = z + row * rowStride + column * channels
          if let slope {
            for i in 0..<channels { out[i] += factor * (positive(p[i]) + slope[i] * negative(p[i])) }
          } else {
            for i in 0..<channels { out[i] += factor * positive(p[i]) }
          }
        }
      }
    }
  }

  /// The gradient with respect to `z`, in place, from one pooled row of the output's gradient.
  ///
  /// Adds the slopes' gradient to `slopeGradient` (needed with `slope`).
  package func backward(
    _ z: UnsafeMutablePointer<Float>, rows: Int, slope: UnsafePointer<Float>?,
    slopeGradient: UnsafeMutablePointer<Float>?, outputGradient: UnsafePointer<Float>, pixelStride: Int
  ) {
    let channels = channels
    let rowStride = width * channels
    for cell in 0..<pooledWidth {
      let columns = columns(cell)
      let gradient = outputGradient + cell * pixelStride
      let factor = 1 / Float(rows * columns.count)
      for row in 0..<rows {
        for column in columns {
          let p = z + row * rowStride + column * channels
          // Values are loaded before they are chosen from: a load under a condition keeps a loop from being vectorised.
          if let slope, let slopeGradient {
            for i in 0..<channels {
              let (value, g, leak) = (p[i], factor * gradient[i], slope[i])
              slopeGradient[i] += g * negative(value)
              p[i] = g * (value > 0 ? 1 : leak)
            }
          } else {
            for i in 0..<channels {
              let (value, g) = (p[i], factor * gradient[i])
              p[i] = value > 0 ? g : 0
            }
          }
        }
      }
    }
  }
}

@inline(__always) private func positive(_ x: Float) -> Float { x > 0 ? x : 0 }
@inline(__always) private func negative(_ x: Float) -> Float { x > 0 ? 0 : x }
