import COpenBLAS
import SerdNetwork

/// The neighbourhoods (patches) that a convolution of a one-channel image sees, and their first and second moments.
///
/// Patches of some rows are a matrix, taps × pixels, with a last row of ones, so that a bias is one more weight. Out of
/// one channel a convolution makes 32 from 9 or 11 taps: its output is far larger than its input, and recomputing it
/// costs less than keeping it. The moments are what makes that possible in training, since mean and variance of a
/// linear function of the patches follow from theirs.
package struct PathPatches {
  package let height: Int
  package let width: Int
  package let kernel: NetworkArchitecture.Extent

  package init(height: Int, width: Int, kernel: NetworkArchitecture.Extent) {
    self.height = height
    self.width = width
    self.kernel = kernel
  }

  /// Rows of the patch matrix: the kernel's taps, row by row, and the ones.
  package var taps: Int { kernel.count + 1 }

  /// Writes the patches of `rows` of `image` (height × width) as taps × (rows.count · width).
  package func fill(_ patches: UnsafeMutablePointer<Float>, image: UnsafePointer<Float>, rows: Range<Int>) {
    let pixels = rows.count * width
    for ky in 0..<kernel.height {
      for kx in 0..<kernel.width {
        let (down, right) = (ky - kernel.height / 2, kx - kernel.width / 2)
        // Columns whose neighbour is inside the image; for kernels wider than the image there may be none.
        let first = min(width, max(0, -right))
        let last = max(first, min(width, width - right))
        for row in rows {
          let target = patches + (ky * kernel.width + kx) * pixels + (row - rows.lowerBound) * width
          guard (0..<height).contains(row + down), first < last else {
            target.update(repeating: 0, count: width)
            continue
          }
          target.update(repeating: 0, count: first)
          (target + first).update(from: image + (row + down) * width + right + first, count: last - first)
          (target + last).update(repeating: 0, count: width - last)
        }
      }
    }
    (patches + kernel.count * pixels).update(repeating: 1, count: pixels)
  }

  /// Adds Σ p·pᵀ over the pixels to `moments` (taps × taps); with the ones, its last column is Σ p and its corner the
  /// number of pixels. In double, because a filter may cancel most of what it sees (a steady c0) and leave a small
  /// variance.
  package func addMoments(
    of patches: UnsafePointer<Float>, pixels: Int, wide: UnsafeMutablePointer<Double>,
    to moments: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<taps * pixels { wide[i] = Double(patches[i]) }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(taps), blasint(taps), blasint(pixels), 1, wide,
      blasint(pixels), wide, blasint(pixels), 1, moments, blasint(taps))
  }
}
