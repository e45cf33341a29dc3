import Glibc

/// How far a window is from the speech that a model was trained on, from the statistics that the model's front end
/// carries.
///
/// For every coefficient, the window's mean and variance, standardised as for the network, make a normal distribution;
/// its Kullback-Leibler divergence from the training speech's, averaged over coefficients, is the novelty: 0 for a
/// window that varies as training speech does, in nats. Unlike a mean of squares it also sees what is too steady.
///
/// Beyond 0.4, the tracker's default, lie 87 % of the windows of room noise that opened the gate and 70 % of those of
/// music-like sound, and of speech 0 or 1 %, near or far, in German or English. Beyond 0.17 lie 99 % of the music, but
/// also 36 to 77 % of the speech (`tools/measure-detection report`; docs/detection.md). People who babble are not new
/// at all. So it keeps noise out and some music, not other languages.
///
/// Costs 5 µs for 2 s (`SerdBenchmarks gate`). No allocation after `init`. It is not a probability.
package struct Novelty: Sendable {
  private let mean: [Float]
  private let reciprocalDeviation: [Float]

  /// - Parameters:
  ///   - mean: of every coefficient over the training speech.
  ///   - reciprocalDeviation: 1 over its standard deviation.
  package init(mean: [Float], reciprocalDeviation: [Float]) {
    precondition(mean.count == reciprocalDeviation.count && !mean.isEmpty, "statistics of unequal length")
    self.mean = mean
    self.reciprocalDeviation = reciprocalDeviation
  }

  /// The novelty of `frames` rows of unscaled coefficients, at least one row.
  ///
  /// - Parameter c0Offset: what the window's gain adds to c0.
  package func of(_ coefficients: UnsafePointer<Float>, frames: Int, c0Offset: Float) -> Float {
    precondition(frames > 0, "a window without frames")
    let count = mean.count
    var total: Float = 0
    for k in 0..<count {
      var (sum, squares): (Float, Float) = (0, 0)
      for frame in 0..<frames {
        let z = (coefficients[frame * count + k] - mean[k]) * reciprocalDeviation[k]
        sum += z
        squares += z * z
      }
      // The offset moves the mean alone.
      let average = sum / Float(frames)
      // A floor of 0.001, so that digital silence has a finite novelty.
      let variance = max(0, squares / Float(frames) - average * average) + 1e-3
      let shifted = average + (k == 0 ? c0Offset * reciprocalDeviation[0] : 0)
      total += 0.5 * (variance + shifted * shifted - 1 - logf(variance))
    }
    return total / Float(count)
  }
}
