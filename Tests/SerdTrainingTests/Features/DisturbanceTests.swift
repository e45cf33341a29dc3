import Foundation
import SerdLearning
import SerdTestKit
import SerdTraining
import Testing

/// Noise, rooms and bands do what their numbers say.
@Suite struct DisturbanceTests {
  static let voice = SyntheticCorpus.voice(pitch: 120, rate: 9, seconds: 1)

  static func apply(_ disturbance: Disturbance, to samples: [Float], seed: UInt64 = 1) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return disturbance.apply(to: samples, generator: &generator)
  }
  static func power(_ samples: some Sequence<Float>) -> Double { samples.reduce(0) { $0 + Double($1) * Double($1) } }
  static func tone(_ hertz: Double) -> [Float] { (0..<16000).map { Float(sin(2 * .pi * hertz * Double($0) / 16000)) } }

  @Test("Noise has its ratio to the speech, however long the pauses are", arguments: [20.0, 10, 5, -5], [true, false])
  func noiseHasItsRatioToTheSpeech(decibels: Double, isPink: Bool) {
    let noisy = Self.apply(.noise(decibels: decibels, isPink: isPink), to: Self.voice)
    let noise = zip(noisy, Self.voice).map { $0 - $1 }
    let ratio = 10 * log10(Self.power(Self.voice) / Self.power(noise))
    #expect(abs(ratio - decibels) < 1, "the voice has hardly any pause: \(ratio)")
    // A pause of any length makes the speech no fainter.
    let paused = Self.apply(
      .noise(decibels: decibels, isPink: isPink), to: Self.voice + [Float](repeating: 0, count: 48000))
    let floor = 10 * log10(Self.power(Self.voice) / Self.power(paused.suffix(16000)))
    #expect(abs(floor - decibels) < 2.5, "\(floor)")
  }

  @Test("Pink noise has less of its power above 1 kHz than white noise")
  func pinkNoiseHasLessAbove() {
    let silence = Self.voice.map { _ in Float(0) } + Self.voice
    func share(_ isPink: Bool) -> Double {
      let noise = Array(Self.apply(.noise(decibels: 0, isPink: isPink), to: silence).prefix(16000))
      return Self.power(Self.apply(.band(low: 20, high: 1000), to: noise)) / Self.power(noise)
    }
    #expect(share(false) < 0.2 && share(true) > 0.35)
  }

  @Test("Reverberation decays in its time and has its ratio to the direct sound", arguments: [0.3, 0.8], [0.0, 10])
  func reverberationDecaysInItsTime(seconds: Double, ratio: Double) {
    var impulse = [Float](repeating: 0, count: 32000)
    impulse[0] = 1
    let response = Self.apply(.reverberation(seconds: seconds, directRatio: ratio), to: impulse)
    #expect(response[0] == 1 && response.count == impulse.count)
    let tail = Array(response.dropFirst())
    #expect(abs(10 * log10(1 / Self.power(tail)) - ratio) < 1.5, "direct over reverberant energy")
    // Energies of two parts, a quarter of the time apart, differ by 15 dB.
    let quarter = Int(seconds * 4000)
    func part(_ index: Int) -> Double { Self.power(tail[index * quarter..<(index + 1) * quarter]) }
    #expect(abs(10 * log10(part(1) / part(2)) - 15) < 1.5)
    #expect(Self.power(tail[(4 * quarter + 100)...]) == 0)
  }

  @Test("A telephone band passes tones inside, halves them at its edge and stops those far outside")
  func bandsPassWhatIsInside() {
    let telephone = Disturbance.band(low: 300, high: 3400)
    let expected: [(Double, ClosedRange<Double>)] = [
      (1000, -0.5...0.5), (300, -7...(-5)), (75, -60...(-40)), (6800, -70...(-40)),
    ]
    for (hertz, range) in expected {
      let tone = Self.tone(hertz)
      let gain = 10 * log10(Self.power(Self.apply(telephone, to: tone).suffix(8000)) / Self.power(tone.suffix(8000)))
      #expect(range.contains(gain), "\(hertz) Hz: \(gain) dB")
    }
  }

  @Test("A disturbance depends on its generator alone, and takes clips of any length")
  func dependsOnTheGeneratorAlone() {
    for disturbance in Robustness.conditions.map(\.disturbance) {
      let once = Self.apply(disturbance, to: Self.voice)
      #expect(once == Self.apply(disturbance, to: Self.voice) && once.count == Self.voice.count)
      #expect(once.allSatisfy { $0.isFinite })
      for short in [[], [0], [0.5, -0.5], [Float](repeating: 0, count: 1000)] as [[Float]] {
        let result = Self.apply(disturbance, to: short)
        #expect(result.count == short.count && result.allSatisfy { $0.isFinite })
      }
    }
    let noise = Disturbance.noise(decibels: 10, isPink: true)
    #expect(Self.apply(noise, to: Self.voice) != Self.apply(noise, to: Self.voice, seed: 2))
    #expect(Self.apply(.none, to: Self.voice) == Self.voice)
  }

  @Test("Noise, reverberation and bands of a room fall on their share of the clips")
  func roomsFallOnTheirShare() {
    let clip = Array(Self.voice[..<2000])
    func changed(_ change: (inout RoomAugmentation) -> Void) -> Int {
      var room = RoomAugmentation()
      change(&room)
      var draws = VersionDraws(clip: SeededGenerator(seed: 3))
      return (0..<200).count { _ in room.apply(to: clip, draws: &draws) != clip }
    }
    #expect(changed { _ in } == 0)
    // 200 draws at 30 %: a deviation of 6.5.
    for count in [changed { $0.noise = 5...20 }, changed { $0.reverberation = 0.2...0.8 }] {
      #expect((35...85).contains(count))
    }
    #expect(
      changed {
        $0.upperLimit = 3000...7000; $0.bandShare = 1
      } == 200)
  }

}
