import Glibc

/// From MFCC frames to network input: gain offset on c0, standardisation, clip. A pure function of (coefficient, gain
/// step), so windows that overlap and have the same gain step, and the same adapted standardisation if any, share their
/// values to the bit.
package struct InputScaling: Sendable {
  private let offsets: [Float]
  private let factors: [Float]
  private let clip: Float
  private let offsetPerStep: Float

  /// The scaling of a front end, with its learned standardisation and clip.
  package init(settings: FrontEndSettings) {
    offsets = settings.standardisation?.mean ?? Array(repeating: 0, count: settings.coefficients)
    factors = settings.standardisation?.reciprocalDeviation ?? Array(repeating: 1, count: settings.coefficients)
    clip = settings.clip
    offsetPerStep = Self.c0Offset(decibels: settings.level.stepSize, settings: settings)
  }

  /// What a gain of `decibels` adds to c0: 2 / √(2N) · N · ln g, twice that for a power spectrum (16 ln g with 128
  /// bands).
  package static func c0Offset(decibels: Double, settings: FrontEndSettings) -> Float {
    let bands = Double(settings.melBands)
    let perNeper = 2 * bands / (2 * bands).squareRoot() * (settings.spectrum == .power ? 2 : 1)
    return Float(perNeper * decibels * M_LN10 / 20)
  }

  /// Scales one frame at the given gain step. `input` and `output` may be the same.
  ///
  /// - Parameter adapted: what replaces the front end's standardisation (`FeatureWindow.standardisation`).
  package func apply(
    _ input: UnsafePointer<Float>, gainStep: Int, adapted: FeatureWindow.AdaptedStandardisation? = nil,
    into output: UnsafeMutablePointer<Float>
  ) {
    if let values = adapted?.values {
      return apply(input, gainStep: gainStep, offsets: values, factors: values + offsets.count, into: output)
    }
    offsets.withUnsafeBufferPointer { offsets in
      factors.withUnsafeBufferPointer { factors in
        apply(input, gainStep: gainStep, offsets: offsets.baseAddress!, factors: factors.baseAddress!, into: output)
      }
    }
  }

  private func apply(
    _ input: UnsafePointer<Float>, gainStep: Int, offsets: UnsafePointer<Float>, factors: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>
  ) {
    let c0 = input[0] + Float(gainStep) * offsetPerStep
    // c0 goes through with the others, as it came, so that this loop is all vectors.
    for k in 0..<self.offsets.count { output[k] = scaled(input[k], offsets[k], factors[k]) }
    output[0] = scaled(c0, offsets[0], factors[0])
  }

  private func scaled(_ value: Float, _ offset: Float, _ factor: Float) -> Float {
    max(-clip, min(clip, (value - offset) * factor))
  }
}
