import CTrainingKernels
import Foundation
import SerdAudio
import SerdLearning

/// What a room and a microphone do to speech, made artificially: for augmentation, and to measure how much a model
/// suffers.
///
/// Deliberately simple, and no measured rooms: noise is stationary, reverberation is an exponentially decaying tail
/// without early reflections of its own.
package enum Disturbance: Codable, Equatable, Sendable {
  /// As recorded.
  case none
  /// Noise this many dB below the speech, white or with as much energy in every octave.
  case noise(decibels: Double, isPink: Bool)
  /// Reverberation that falls by 60 dB in `seconds`, `directRatio` dB below the direct sound.
  case reverberation(seconds: Double, directRatio: Double)
  /// Nothing below `low` and above `high` Hz (24 dB per octave): a telephone is 300 to 3400.
  case band(low: Double, high: Double)

  /// The disturbed sound, as long as before. Draws from `generator` whatever is random.
  package func apply(to samples: [Float], generator: inout SeededGenerator) -> [Float] {
    switch self {
    case .none: return samples
    case .noise(let decibels, let isPink):
      var noise = samples.map { _ in generator.quickGaussian() }
      if isPink { Self.makePink(&noise) }
      let power = Self.meanSquare(noise[...])
      guard power > 0 else { return samples }
      let gain = (Self.speechPower(of: samples) / power * Float(pow(10, -decibels / 10))).squareRoot()
      return zip(samples, noise).map { $0 + gain * $1 }
    case .reverberation(let seconds, let directRatio):
      return Self.reverberated(samples, seconds: seconds, directRatio: directRatio, generator: &generator)
    case .band(let low, let high):
      var result = samples
      for _ in 0..<2 {
        Biquad.highPass(low).run(over: &result)
        Biquad.lowPass(high).run(over: &result)
      }
      return result
    }
  }

  /// Mean square of the blocks of 16 ms within 25 dB of the loudest one: pauses do not make speech fainter.
  static func speechPower(of samples: [Float]) -> Float {
    let powers = stride(from: 0, to: samples.count, by: 256).map { start in
      meanSquare(samples[start..<min(start + 256, samples.count)])
    }
    let threshold = (powers.max() ?? 0) * 0.003_162
    let speech = powers.filter { $0 >= threshold }
    return speech.isEmpty ? 0 : speech.reduce(0, +) / Float(speech.count)
  }

  package static func meanSquare(_ samples: ArraySlice<Float>) -> Float {
    samples.isEmpty ? 0 : samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count)
  }

  /// Three first-order low-passes side by side fall by about 3 dB per octave (P. Kellet's economy filter, 1999).
  private static func makePink(_ noise: inout [Float]) {
    var (a, b, c): (Float, Float, Float) = (0, 0, 0)
    for i in noise.indices {
      let white = noise[i]
      a = 0.997_65 * a + white * 0.099_046
      b = 0.963 * b + white * 0.296_516_4
      c = 0.57 * c + white * 1.052_691_3
      noise[i] = a + b + c + white * 0.1848
    }
  }

  /// Direct sound and a tail of velvet noise (Järveläinen and Karjalainen 2007): one pulse of random sign in every half
  /// millisecond, which sounds as dense as Gaussian noise, and costs one addition of the signal per pulse instead of a
  /// convolution.
  private static func reverberated(
    _ samples: [Float], seconds: Double, directRatio: Double, generator: inout SeededGenerator
  ) -> [Float] {
    let grid = SampleRate.pipeline / 2000
    let length = min(samples.count, Int(seconds * Double(SampleRate.pipeline)))
    var pulses: [(delay: Int, gain: Float)] = []
    for start in stride(from: 4 * grid, to: length, by: grid) {
      let delay = start + Int.random(in: 0..<grid, using: &generator)
      let decay = pow(10, -3 * Double(delay) / (seconds * Double(SampleRate.pipeline)))
      pulses.append((delay, Bool.random(using: &generator) ? Float(decay) : -Float(decay)))
    }
    // The energy of the whole tail is what the ratio is about, so that a short clip has its due part of it.
    let energy = 1 / (6 * log(10.0) / seconds * Double(grid) / Double(SampleRate.pipeline))
    let scale = Float((pow(10, -directRatio / 10) / energy).squareRoot())
    var result = samples
    TrainingKernels.best.table.add_echoes(
      samples, Int32(samples.count), pulses.map { Int32($0.delay) }, pulses.map { scale * $0.gain },
      Int32(pulses.count), &result)
    return result
  }
}

/// A filter of second order in direct form II transposed, coefficients after R. Bristow-Johnson's cookbook, Q = 1/√2.
private struct Biquad {
  let b0, b1, b2, a1, a2: Double

  static func lowPass(_ hertz: Double) -> Biquad { make(hertz) { c in ((1 - c) / 2, 1 - c) } }
  static func highPass(_ hertz: Double) -> Biquad { make(hertz) { c in ((1 + c) / 2, -(1 + c)) } }

  private static func make(_ hertz: Double, _ numerator: (Double) -> (outer: Double, middle: Double)) -> Biquad {
    let angle = 2 * .pi * min(hertz, 0.49 * Double(SampleRate.pipeline)) / Double(SampleRate.pipeline)
    let alpha = sin(angle) / 2.0.squareRoot()
    let (outer, middle) = numerator(cos(angle))
    let a0 = 1 + alpha
    return Biquad(
      b0: outer / a0, b1: middle / a0, b2: outer / a0, a1: -2 * cos(angle) / a0, a2: (1 - alpha) / a0)
  }

  func run(over samples: inout [Float]) {
    var (s1, s2) = (0.0, 0.0)
    for i in samples.indices {
      let x = Double(samples[i])
      let y = b0 * x + s1
      s1 = b1 * x - a1 * y + s2
      s2 = b2 * x - a2 * y
      samples[i] = Float(y)
    }
  }
}
