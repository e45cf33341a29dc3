import Glibc

/// Triangular mel bands over the bins of a real FFT, stored sparsely.
///
/// The mel scale and the triangles are those of `tf.signal.linear_to_mel_weight_matrix` (HTK: mel = 1127 ln(1 + f / 700);
/// triangles built in mel space, not normalised, DC bin excluded). Of 128 × 513 weights about 950 are not zero.
public struct MelFilterBank: Sendable {
  /// One band: weights for the bins `firstBin ..< firstBin + count`, found at `weights[offset...]`.
  struct Band: Sendable {
    let firstBin: Int
    let offset: Int
    let count: Int
  }

  let bands: [Band]
  let weights: [Float]

  /// Number of weights that are not zero: the multiply-adds per frame.
  public var nonzeroCount: Int { weights.count }

  /// - Parameter vocalTractWarp: scales the frequency axis before the mel scale (1 = none). Training only: imitates a longer
  ///   (below 1) or shorter vocal tract (Jaitly and Hinton 2013).
  public init(settings: FrontEndSettings, vocalTractWarp: Double = 1) {
    func mel(_ hertz: Double) -> Double { 1127 * log1p(hertz / 700) }
    let bins = settings.frameLength / 2 + 1
    let binMels = (0..<bins).map {
      mel(Double($0) * Double(settings.sampleRate) / Double(settings.frameLength) * vocalTractWarp)
    }
    let low = mel(settings.lowHz)
    let step = (mel(settings.highHz) - low) / Double(settings.melBands + 1)
    var bands: [Band] = []
    var weights: [Float] = []
    for band in 0..<settings.melBands {
      let left = low + Double(band) * step
      var firstBin = 0
      let offset = weights.count
      for bin in 1..<bins {
        let rising = (binMels[bin] - left) / step
        let weight = min(rising, 2 - rising)
        guard weight > 0 else { continue }
        if weights.count == offset { firstBin = bin }
        weights.append(Float(weight))
      }
      bands.append(Band(firstBin: firstBin, offset: offset, count: weights.count - offset))
    }
    self.bands = bands
    self.weights = weights
  }

  /// Sums `spectrum` (frameLength / 2 + 1 bins) into `energies` (one per band).
  func apply(_ spectrum: UnsafePointer<Float>, into energies: UnsafeMutablePointer<Float>) {
    weights.withUnsafeBufferPointer { weights in
      for (index, band) in bands.enumerated() {
        var sum: Float = 0
        for i in 0..<band.count { sum += weights[band.offset + i] * spectrum[band.firstBin + i] }
        energies[index] = sum
      }
    }
  }
}
