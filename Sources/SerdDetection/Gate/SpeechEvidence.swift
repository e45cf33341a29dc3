import Glibc

/// What speaks for speech in a frame and in the moments before it: eight measures, each also averaged over some 60 ms
/// and 200 ms.
///
/// From the cepstrum a coarse spectrum of 16 bands is made again; bands, level and fine structure count as far as they
/// lie above their own `TrackedMinimum`, so neither loudness nor colour of a steady noise matters. For cepstra scaled
/// as `tf.signal` does, of 128 mel bands of magnitudes, as both presets have them.
package struct SpeechEvidence: Sendable {
  /// Measures per frame.
  static let measureCount = 8
  /// Measures and their averages.
  package static let count = 3 * measureCount

  private static let bands = 16
  private static let melBands = 128
  /// Coefficients that the coarse spectrum is made of.
  private static let shapeCoefficients = 24
  /// From here on coefficients show fine structure, harmonics above all.
  private static let firstFineCoefficient = 13
  /// Up to here they count: the gate was fitted to front ends of 40, and must not open for what a model hears beyond.
  private static let endOfFineCoefficients = 40
  /// No band counts as quieter than white noise of about -78 dBFS has them on average: what is inaudible is no floor.
  private static let quietestBand: Float = -45
  /// In dB above the floor: more says nothing more.
  private static let limit: Float = 25

  /// Coarse bands from coefficients, in dB: the inverse of the transform, averaged over mel bands. A coefficient's
  /// share in all bands side by side.
  private static let inverse: [SIMD16<Float>] = {
    let scale = 2 / (2 * Double(melBands)).squareRoot()
    let perBand = melBands / bands
    return (0..<shapeCoefficients).map { k in
      let shares = (0..<bands).map { band in
        let cosines = (band * perBand..<(band + 1) * perBand).map {
          cos(.pi * Double(k) * Double(2 * $0 + 1) / Double(2 * melBands))
        }
        let sum = cosines.reduce(0, +) / Double(perBand)
        return Float((k == 0 ? 1 : 2) / (Double(melBands) * scale) * sum * 20 / M_LN10)
      }
      return SIMD16(shares)
    }
  }()

  /// The measures, then their quick averages, then their slow ones.
  package private(set) var values = [Float](repeating: 0, count: count)

  private let inverse = Self.inverse
  /// Bands, level and fine structure; then what lies above the floor.
  private var work = [Float](repeating: 0, count: bands + 2)
  private var floor = TrackedMinimum(count: bands + 2)
  /// Running mean of c1 to c12.
  private var mean = [Float](repeating: 0, count: firstFineCoefficient)
  private var isFirst = true

  /// Nothing heard yet.
  package init() {}

  /// Whether a frame of this level is to be taken at all. Digital silence has no shape, and a floor made of it would
  /// tell nothing of the sound that comes after: what was known before it stays.
  package static func isHeard(level: Float) -> Bool { level >= -85 }

  /// Takes the next frame; no allocation.
  package mutating func update(level: Float, cepstrum: UnsafeBufferPointer<Float>) {
    coarseSpectrum(cepstrum)
    var fine: Float = 1e-3
    let end = min(cepstrum.count, Self.endOfFineCoefficients)
    for k in Self.firstFineCoefficient..<max(Self.firstFineCoefficient, end) {
      fine += cepstrum[k] * cepstrum[k]
    }
    let fineStructure = logf(fine)
    work[Self.bands] = max(level, -80)
    work[Self.bands + 1] = fineStructure
    work.withUnsafeMutableBufferPointer { floor.subtractFloor(from: $0.baseAddress!) }
    for i in 0...Self.bands { work[i] = max(0, min(Self.limit, work[i])) }
    let movement = movement(cepstrum)
    measure(0, bandMean(0..<Self.bands))
    measure(1, meanOfTopBands())
    measure(2, work[Self.bands])
    measure(3, work[Self.bands + 1])
    measure(4, fineStructure)
    measure(5, movement)
    measure(6, bandMean(0..<6))
    measure(7, bandMean(10..<Self.bands))
    isFirst = false
  }

  private mutating func coarseSpectrum(_ cepstrum: UnsafeBufferPointer<Float>) {
    let coefficients = min(Self.shapeCoefficients, cepstrum.count)
    var sums = SIMD16<Float>.zero
    inverse.withUnsafeBufferPointer { inverse in
      for k in 0..<coefficients { sums += inverse[k] * cepstrum[k] }
    }
    for band in 0..<Self.bands { work[band] = max(sums[band], Self.quietestBand) }
  }

  /// Distance of c1 to c12 from their mean over the last half second: speech changes its shape with every sound.
  private mutating func movement(_ cepstrum: UnsafeBufferPointer<Float>) -> Float {
    var squares: Float = 0
    for k in 1..<Self.firstFineCoefficient {
      let distance = isFirst ? 0 : cepstrum[k] - mean[k]
      squares += distance * distance
      mean[k] = isFirst ? cepstrum[k] : mean[k] + 0.03 * distance
    }
    return squares.squareRoot()
  }

  private func bandMean(_ range: Range<Int>) -> Float {
    var sum: Float = 0
    for band in range { sum += work[band] }
    return sum / Float(range.count)
  }

  /// Mean of the four bands that lie highest above their floors.
  private func meanOfTopBands() -> Float {
    var top: (Float, Float, Float, Float) = (0, 0, 0, 0)
    for band in 0..<Self.bands {
      let value = work[band]
      if value > top.0 {
        top = (value, top.0, top.1, top.2)
      } else if value > top.1 {
        top = (top.0, value, top.1, top.2)
      } else if value > top.2 {
        top = (top.0, top.1, value, top.2)
      } else if value > top.3 {
        top.3 = value
      }
    }
    return (top.0 + top.1 + top.2 + top.3) / 4
  }

  private mutating func measure(_ index: Int, _ value: Float) {
    values[index] = value
    average(Self.measureCount + index, value, weight: 0.25)
    average(2 * Self.measureCount + index, value, weight: 0.08)
  }

  private mutating func average(_ place: Int, _ value: Float, weight: Float) {
    values[place] += (isFirst ? 1 : weight) * (value - values[place])
  }
}
