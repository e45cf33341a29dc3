import Foundation

/// Sounds with enough of speech in them to open the gate, and folders of them under the names of a corpus.
package enum SyntheticCorpus {
  /// Resonances of four vowels, in Hz.
  private static let vowels: [(Float, Float)] = [(300, 2300), (700, 1200), (350, 800), (500, 1700)]

  /// A buzz at `pitch` Hz that goes through the vowels, `rate` of them per second; float samples with a peak near 0.5.
  package static func voice(
    pitch: Float, rate: Float, seconds: Double, seed: UInt64 = 1, sampleRate: Int = 16000
  ) -> [Float] {
    var generator = TestGenerator(seed: seed)
    let first = Int.random(in: 0..<4, using: &generator)
    let amplitudes = vowels.map { low, high in
      (1...20).map { harmonic in
        let frequency = pitch * Float(harmonic)
        func resonance(_ centre: Float) -> Float { expf(-((frequency - centre) / 180) * ((frequency - centre) / 180)) }
        return 0.01 + resonance(low) + 0.5 * resonance(high)
      }
    }
    let samples = (0..<Int(seconds * Double(sampleRate))).map { index -> Float in
      let time = Float(index) / Float(sampleRate)
      let vowel = amplitudes[(first + Int(time * rate)) % 4]
      var sum = Float.random(in: -0.002...0.002, using: &generator)
      for harmonic in 1...20 { sum += vowel[harmonic - 1] * sinf(2 * .pi * pitch * Float(harmonic) * time) }
      return sum
    }
    let peak = samples.reduce(Float(1e-6)) { max($0, abs($1)) }
    return samples.map { $0 * 0.5 / peak }
  }

  /// Writes WAV files under EMO-DB's names: every speaker says `sentences` sentences in every emotion.
  ///
  /// - Parameter letters: emotion letters of EMO-DB, such as `WFT`.
  /// - Returns: the names, without folder.
  @discardableResult
  package static func writeEMODB(
    into folder: String, speakers: [String], letters: String, sentences: Int, seconds: Double
  ) throws -> [String] {
    var names: [String] = []
    for (s, speaker) in speakers.enumerated() {
      for (l, letter) in letters.enumerated() {
        for sentence in 1...sentences {
          let samples = voice(
            pitch: 90 + 25 * Float(s) + 12 * Float(l), rate: 6 + 3 * Float(l), seconds: seconds,
            seed: UInt64(s * 100 + l * 10 + sentence))
          let name = "\(speaker)a0\(sentence)\(letter)a.wav"
          try Data(WAVFile.float(samples)).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
          names.append(name)
        }
      }
    }
    return names
  }
}
