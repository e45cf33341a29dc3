import Glibc

/// Triangular mel bands over the bins of a real FFT, stored sparsely: eight neighbouring bands at a time, each with as
/// many vectors of eight weights as the widest of them needs.
///
/// The mel scale and the triangles of `init(settings:)` are those of `tf.signal.linear_to_mel_weight_matrix` (HTK: mel
/// = 1127 ln(1 + f / 700); triangles built in mel space, not normalised, DC bin excluded). Of 128 × 513 weights about
/// 950 are not zero.
package struct MelFilterBank {
  /// [vectors][8 bands][8 bins] for every eight bands.
  private let weights: AlignedFloats
  /// One per band, padded to a multiple of sixteen.
  private let firstBins: [Int32]
  /// One per eight bands.
  private let vectors: [Int32]
  /// Bins that are read, counted from bin 0: more than there are, where the padding of a high band goes beyond them.
  package let binsRead: Int

  /// Number of weights that are not zero.
  package let nonzeroCount: Int

  /// Energies that `apply` writes: the bands, rounded up to a multiple of sixteen; the last ones are 0.
  package var paddedBands: Int { firstBins.count }

  /// - Parameter vocalTractWarp: factor of a `VocalTractWarp` that is applied before the mel scale; 1 for none.
  package init(settings: FrontEndSettings, vocalTractWarp: Double = 1) {
    func mel(_ hertz: Double) -> Double { 1127 * log1p(hertz / 700) }
    let bins = settings.frameLength / 2 + 1
    let warp = VocalTractWarp(factor: vocalTractWarp, nyquist: Double(settings.sampleRate) / 2)
    let binMels = (0..<bins).map {
      mel(warp(Double($0) * Double(settings.sampleRate) / Double(settings.frameLength)))
    }
    let low = mel(settings.lowHz)
    let step = (mel(settings.highHz) - low) / Double(settings.melBands + 1)
    self.init(
      (0..<settings.melBands).map { band in
        let left = low + Double(band) * step
        return Band(
          weights: binMels.enumerated().map { bin, mel in
            let rising = (mel - left) / step
            return bin == 0 ? 0 : min(rising, 2 - rising)
          })
      })
  }

  /// Any bands: a weight for each bin. What is not positive is 0.
  package init(weights: [[Double]]) { self.init(weights.map { Band(weights: $0) }) }

  private init(_ bands: [Band]) {
    nonzeroCount = bands.reduce(0) { $0 + $1.weights.count }
    let padded = bands + Array(repeating: Band(), count: -bands.count & 15)
    firstBins = padded.map { Int32($0.firstBin) }
    let groups = stride(from: 0, to: padded.count, by: 8).map { padded[$0..<$0 + 8] }
    let vectors = groups.map { ($0.map(\.weights.count).max()! + 7) / 8 }
    self.vectors = vectors.map { Int32($0) }
    weights = AlignedFloats(
      zip(groups, vectors).flatMap { group, vectors in
        (0..<vectors).flatMap { vector in group.flatMap { $0.eightWeights(from: 8 * vector) } }
      })
    binsRead = zip(groups, vectors).map { group, vectors in group.map(\.firstBin).max()! + 8 * vectors }.max()!
  }

  /// Sums `spectrum` (`binsRead` bins, those beyond frameLength / 2 finite) into `paddedBands` energies.
  package func apply(
    _ spectrum: UnsafePointer<Float>, into energies: UnsafeMutablePointer<Float>, kernels: FrontEndKernels
  ) {
    kernels.table.mel(spectrum, weights.start, firstBins, vectors, energies, Int32(paddedBands))
  }
}

/// One triangle: its weights for the bins from `firstBin` on.
private struct Band {
  private(set) var firstBin = 0
  private(set) var weights: [Float] = []

  /// An empty band.
  init() {}

  /// Of one run of positive weights.
  init(weights all: [Double]) {
    for (bin, weight) in all.enumerated() where weight > 0 {
      if weights.isEmpty { firstBin = bin }
      weights.append(Float(weight))
    }
  }

  /// Eight weights, zeros beyond the last.
  func eightWeights(from start: Int) -> [Float] {
    (start..<start + 8).map { $0 < weights.count ? weights[$0] : 0 }
  }
}
