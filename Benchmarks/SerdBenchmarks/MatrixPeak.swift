import Foundation
import SerdLearning

/// The speed that OpenBLAS reaches on a large square product: the yardstick of the training benchmark.
enum MatrixPeak {
  /// GFLOP/s of one thread per second of its processor time, best of eight products of 1024 × 1024 matrices.
  ///
  /// Processor time, since on a shared machine elapsed time measures the neighbours. Cost: about a quarter of a second.
  static func gigaflops() -> Double {
    OpenBLASCore.useCallingThreadOnly()
    let side = 1024
    let (a, b, c) = (Buffer<Float>(side * side), Buffer<Float>(side * side), Buffer<Float>(side * side))
    a.base.update(repeating: 1, count: side * side)
    b.base.update(repeating: 1, count: side * side)
    var best = Double.infinity
    for _ in 0..<8 {
      let start = processorSeconds()
      Matrix(a.base, stride: side).multiply(
        Matrix(b.base, stride: side), into: c.base, stride: side, rows: side, columns: side, depth: side)
      best = min(best, processorSeconds() - start)
    }
    return Double(2 * side * side * side) / best * 1e-9
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
