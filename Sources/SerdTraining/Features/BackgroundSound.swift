import Foundation
import SerdAudio
import SerdLearning

/// What is heard in a home besides speech, made artificially: coloured noise, hum, notes, knocks.
///
/// Rough on purpose and of wide variety: a network that is to say nothing of music need not hear good music. The sounds
/// that detection is measured on (`tools/python/serdtools/detection`) are drawn by other code, but are akin: noise,
/// hums and tones of formulas, too.
package enum BackgroundSound: CaseIterable {
  /// Stationary or swelling noise between white and brown.
  case noise
  /// Mains, motors: harmonics of one low frequency.
  case hum
  /// Up to four voices of notes on a scale, by frequency modulation (Chowning 1973).
  case notes
  /// Knocks, clicks, typing: decaying noise at random times.
  case bursts

  /// One of the kinds, or two at once; in three of ten cases in a room; 15 to 45 dB below full scale.
  package static func draw(samples count: Int, generator: inout SeededGenerator) -> [Float] {
    var sound = unit(allCases.randomElement(using: &generator)!.samples(count, &generator))
    if generator.uniform() < 0.4 {
      let gain = Float(pow(10, Double.random(in: -20...0, using: &generator) / 20))
      let other = unit(allCases.randomElement(using: &generator)!.samples(count, &generator))
      sound = zip(sound, other).map { $0 + gain * $1 }
    }
    if generator.uniform() < 0.3 {
      let room = Disturbance.reverberation(
        seconds: .random(in: 0.2...0.8, using: &generator), directRatio: .random(in: 0...10, using: &generator))
      sound = room.apply(to: sound, generator: &generator)
    }
    let level = Float(pow(10, Double.random(in: -45 ... -15, using: &generator) / 20))
    return unit(sound).map { level * $0 }
  }

  package func samples(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
    switch self {
    case .noise: Self.noise(count, &generator)
    case .hum: Self.hum(count, &generator)
    case .notes: Self.notes(count, &generator)
    case .bursts: Self.bursts(count, &generator)
    }
  }

  private static let rate = Float(SampleRate.pipeline)

  private static func noise(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
    let memory = 1 - pow(generator.uniform(), 2) * 0.99
    var low: Float = 0
    var sound = (0..<count).map { _ in
      low += (1 - memory) * (generator.gaussian() - low)
      return low
    }
    guard generator.uniform() < 0.5 else { return sound }
    // Swelling: a new gain every quarter of a second, and straight lines between.
    let step = Int(rate / 4)
    let gains = (0...count / step + 1).map { _ in Float(pow(10, Double.random(in: -12...6, using: &generator) / 20)) }
    for i in sound.indices {
      let (whole, part) = (i / step, Float(i % step) / Float(step))
      sound[i] *= gains[whole] + part * (gains[whole + 1] - gains[whole])
    }
    return sound
  }

  private static func hum(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
    let pitch = 40 * pow(8, generator.uniform())
    let slope = 0.3 + 1.7 * generator.uniform()
    let drift = 0.02 * (generator.uniform() - 0.5)
    let harmonics = (1...min(40, Int(rate / 2 / pitch))).map { number in
      (Float(number), pow(Float(number), -slope) * generator.uniform(), 2 * Float.pi * generator.uniform())
    }
    var phase: Float = 0
    return (0..<count).map { i in
      phase += 2 * .pi * pitch * (1 + drift * Float(i) / Float(count)) / rate
      let tone = harmonics.reduce(Float(0)) { $0 + $1.1 * sin($1.0 * phase + $1.2) }
      return tone + 0.02 * generator.gaussian()
    }
  }

  private static func notes(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
    var sound = [Float](repeating: 0, count: count)
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let ratio = [0.5, 1, 1.41, 2, 3, 3.5].randomElement(using: &generator)!
      let brightness = 5 * generator.uniform()
      let attack = 0.003 + 0.08 * generator.uniform()
      let isPlucked = generator.uniform() < 0.6
      let decay = isPlucked ? 0.1 + 1.5 * generator.uniform() : 100
      let beat = 0.1 + 0.9 * generator.uniform()
      let lowest = Int.random(in: 0...36, using: &generator)
      var start = -Int(rate * beat * generator.uniform())
      while start < count {
        let pitch = 55 * pow(2, Float(lowest + [0, 2, 4, 5, 7, 9, 11, 12].randomElement(using: &generator)!) / 12)
        for i in max(0, start)..<min(count, start + Int(rate * beat * (isPlucked ? 2 : 1))) {
          let time = Float(i - start) / rate
          let envelope = min(1, time / attack) * exp(-time / decay)
          let modulation = brightness * envelope * sin(2 * .pi * pitch * Float(ratio) * time)
          sound[i] += envelope * sin(2 * .pi * pitch * time + modulation)
        }
        start += Int(rate * beat * (generator.uniform() < 0.3 ? 0.5 : 1))
      }
    }
    return sound
  }

  private static func bursts(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
    var sound = (0..<count).map { _ in 0.003 * generator.gaussian() }
    for _ in 0..<Int.random(in: 1...24, using: &generator) {
      let start = Int.random(in: 0..<count, using: &generator)
      let loudness = Float(pow(10, Double.random(in: -20...0, using: &generator) / 20))
      let decay = 0.003 * pow(40, generator.uniform()) * rate
      let memory = 0.95 * generator.uniform()
      var low: Float = 0
      for i in start..<min(count, start + Int(6 * decay)) {
        low += (1 - memory) * (generator.gaussian() - low)
        sound[i] += loudness * low * exp(-Float(i - start) / decay)
      }
    }
    return sound
  }

  /// With an RMS of 1.
  private static func unit(_ sound: [Float]) -> [Float] {
    let power = Disturbance.meanSquare(sound[...])
    return power > 0 ? sound.map { $0 / power.squareRoot() } : sound
  }
}
