import Foundation
import SerdFeatures
import SerdLearning

/// Augmentation on features, drawn anew for every sample of every batch. Lengths in frames and coefficients, amounts in
/// standard deviations of the standardised coefficients.
package struct Augmentation: Codable, Equatable, Sendable {
  /// Gain jitter on c0: uniform within ± this many dB.
  package var gainJitter = 0.0
  /// Deviation of a constant offset per clip on c1 to c3: another microphone, another room colour.
  package var tilt: Float = 0
  /// Deviation of noise on every value.
  package var noise: Float = 0
  /// Largest shift along time; what leaves at one end enters at the other.
  package var roll = 0
  /// Number of spans of frames set to 0 (the mean), and their largest length (SpecAugment, Park et al. 2019, arXiv
  /// 1904.08779).
  package var timeMasks = 0
  /// Largest length of such a span.
  package var timeMaskFrames = 0
  /// Number of spans of coefficients set to 0, and their largest length.
  package var coefficientMasks = 0
  /// Largest width of such a span.
  package var coefficientMaskWidth = 0
  /// α of mixup's Beta(α, α) (Zhang et al. 2018, arXiv 1710.09412); 0 for none. One draw per batch.
  package var mixup: Float = 0
  /// Other training speakers' voices; nil for none. Not with speaker adaptation, which takes the voice out.
  package var speakerTransfer: SpeakerTransfer?
  /// Share of the samples that are standardised by recordings of one emotion of their speaker, 0 to 1; nil for none.
  /// For speaker adaptation only: in life most of what was heard before is of one emotion.
  package var oneEmotionShare: Double?
  /// Sounds without speech beside the recordings; nil for none.
  package var backgrounds: BackgroundSounds?

  /// No augmentation.
  package init() {}

  /// Writes a recording's window into `output`: standardised and augmented, not yet clipped.
  package func write(
    _ window: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, frames: Int, settings: FrontEndSettings,
    standardisation: Standardisation, generator: inout SeededGenerator
  ) {
    let coefficients = settings.coefficients
    let reach = min(roll, frames)
    let shift = reach > 0 ? Int.random(in: -reach...reach, using: &generator) : 0
    var offsets = [Float](repeating: 0, count: coefficients)
    if gainJitter > 0 {
      let gain = Double.random(in: -gainJitter...gainJitter, using: &generator)
      offsets[0] = InputScaling.c0Offset(decibels: gain, settings: settings) * standardisation.reciprocalDeviation[0]
    }
    if tilt > 0 { for k in 1..<min(4, coefficients) { offsets[k] = tilt * generator.gaussian() } }
    for frame in 0..<frames {
      let source = window + (frame + shift + frames) % frames * coefficients
      let target = output + frame * coefficients
      for k in 0..<coefficients {
        target[k] = (source[k] - standardisation.mean[k]) * standardisation.reciprocalDeviation[k] + offsets[k]
      }
    }
    if noise > 0 { for i in 0..<frames * coefficients { output[i] += noise * generator.quickGaussian() } }
    mask(output, frames: frames, coefficients: coefficients, generator: &generator)
  }

  private func mask(
    _ output: UnsafeMutablePointer<Float>, frames: Int, coefficients: Int, generator: inout SeededGenerator
  ) {
    for _ in 0..<timeMasks {
      let length = Int.random(in: 0...min(timeMaskFrames, frames), using: &generator)
      let start = Int.random(in: 0...frames - length, using: &generator)
      (output + start * coefficients).update(repeating: 0, count: length * coefficients)
    }
    for _ in 0..<coefficientMasks {
      let width = Int.random(in: 0...min(coefficientMaskWidth, coefficients), using: &generator)
      let start = Int.random(in: 0...coefficients - width, using: &generator)
      for frame in 0..<frames { (output + frame * coefficients + start).update(repeating: 0, count: width) }
    }
  }

  /// Mixes a batch with a shuffled copy of itself: inputs, targets, and which outputs are asked about, by the same
  /// share.
  package func mix(
    _ inputs: inout [Float], _ targets: inout [Float], _ asked: inout [Float], count: Int,
    generator: inout SeededGenerator
  ) {
    guard mixup > 0, count > 1 else { return }
    let share = generator.beta(mixup)
    let partners = (0..<count).shuffled(using: &generator)
    inputs = Self.mixed(inputs, count: count, partners: partners, share: share)
    targets = Self.mixed(targets, count: count, partners: partners, share: share)
    asked = Self.mixed(asked, count: count, partners: partners, share: share)
  }

  private static func mixed(_ values: [Float], count: Int, partners: [Int], share: Float) -> [Float] {
    let size = values.count / count
    return [Float](unsafeUninitializedCapacity: values.count) { result, filled in
      values.withUnsafeBufferPointer { values in
        for sample in 0..<count {
          let (own, other) = (values.baseAddress! + sample * size, values.baseAddress! + partners[sample] * size)
          let target = result.baseAddress! + sample * size
          for i in 0..<size { target[i] = share * own[i] + (1 - share) * other[i] }
        }
      }
      filled = values.count
    }
  }
}

extension SeededGenerator {
  /// Beta(α, α) by Jöhnk's method (1964); meant for α up to 1.
  mutating func beta(_ alpha: Float) -> Float {
    while true {
      let x = powf(uniform(), 1 / alpha)
      let y = powf(uniform(), 1 / alpha)
      if x + y <= 1, x + y > 0 { return x / (x + y) }
    }
  }
}
