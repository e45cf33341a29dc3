import CTrainingKernels
import SerdNetwork

/// Batch norm's affine map, activation, optional one-channel residual and average pool of some rows, forward and
/// backward.
///
/// Fused, because the tensors before the pool are the largest of the network: each is read once per pass, and z =
/// scale·y + shift is never stored. ReLU gives max(z, 0); PReLU max(z, 0) + slope·min(z, 0) (He et al. 2015, arXiv
/// 1502.01852); both take the left derivative at 0, as PyTorch does. A pool at an odd edge divides by the number of
/// valid cells.
///
/// Rows count from one that begins a cell of the pool. `slope` is nil for ReLU. Pooled rows and pixels lie as `Pooled`
/// says.
package struct PooledActivation {
  package let width: Int
  package let channels: Int
  package let pool: NetworkArchitecture.Extent
  private let kernels: serd_training_kernels

  package init(
    width: Int, channels: Int, pool: NetworkArchitecture.Extent?, kernels: TrainingKernels = .best
  ) {
    self.width = width
    self.channels = channels
    self.pool = pool ?? NetworkArchitecture.Extent(1, 1)
    self.kernels = kernels.table
  }

  /// Columns after pooling.
  package var pooledWidth: Int { (width + pool.width - 1) / pool.width }

  /// Elements from one pooled row and pixel to the next; the paths write side by side, so pixels may lie apart.
  package struct Pooled {
    let rowStride: Int
    let pixelStride: Int
    package init(rowStride: Int, pixelStride: Int) { (self.rowStride, self.pixelStride) = (rowStride, pixelStride) }
    init(_ stack: ImageStack) { self.init(rowStride: stack.rowStride, pixelStride: stack.channels) }
  }

  /// z = scale·y + shift, per channel.
  package struct Affine {
    let scale: UnsafePointer<Float>
    let shift: UnsafePointer<Float>
    package init(scale: UnsafePointer<Float>, shift: UnsafePointer<Float>) { (self.scale, self.shift) = (scale, shift) }
  }

  private func shape(_ rows: Int, _ pooled: Pooled) -> serd_training_pooled_rows {
    serd_training_pooled_rows(
      row_stride: Int64(pooled.rowStride), pixel_stride: Int64(pooled.pixelStride), rows: Int32(rows),
      width: Int32(width), channels: Int32(channels), pool_height: Int32(pool.height), pool_width: Int32(pool.width))
  }

  /// Pooled rows from y, or from z if `affine` is nil. `residual` holds one value per pooled pixel, added to all
  /// channels.
  package func forward(
    _ y: UnsafePointer<Float>, rows: Int, affine: Affine?, slope: UnsafePointer<Float>?,
    residual: UnsafePointer<Float>?, into output: UnsafeMutablePointer<Float>, _ pooled: Pooled
  ) {
    var shape = shape(rows, pooled)
    kernels.pool(y, affine?.scale, affine?.shift, slope, residual, &shape, output)
  }

  /// Adds Σ dz, Σ dz·y and the slopes' gradients, three times `channels` values, to `sums`. Summed in float along a row
  /// only.
  package func addSums(
    _ y: UnsafePointer<Float>, rows: Int, affine: Affine, slope: UnsafePointer<Float>?,
    outputGradient: UnsafePointer<Float>, _ pooled: Pooled, to sums: UnsafeMutablePointer<Double>
  ) {
    var shape = shape(rows, pooled)
    kernels.pool_sums(y, affine.scale, affine.shift, slope, &shape, outputGradient, sums)
  }

  /// dy = onGradient·dz + onValue·y + constant in the place of y; `coefficients` holds the three, `channels` values
  /// each.
  package func replaceByGradient(
    _ y: UnsafeMutablePointer<Float>, rows: Int, affine: Affine, slope: UnsafePointer<Float>?,
    coefficients: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, _ pooled: Pooled
  ) {
    var shape = shape(rows, pooled)
    kernels.pool_gradient(y, affine.scale, affine.shift, slope, coefficients, &shape, outputGradient)
  }

  /// dz in the place of z. Adds the slopes' gradients to `slopeGradient` (with `slope`).
  package func backward(
    _ z: UnsafeMutablePointer<Float>, rows: Int, slope: UnsafePointer<Float>?,
    slopeGradient: UnsafeMutablePointer<Double>, outputGradient: UnsafePointer<Float>, _ pooled: Pooled
  ) {
    var shape = shape(rows, pooled)
    kernels.activation_pool_gradient(z, slope, &shape, outputGradient, slopeGradient)
  }
}
