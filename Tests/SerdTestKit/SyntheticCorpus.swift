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

  /// Writes an EMO-DB with everything that goes wrong with a corpus: a file twice, one that is no sound, one of
  /// silence, another rate, one that was cut off, one that is no recording.
  package static func writeFlawedEMODB(into folder: ScratchFolder) throws {
    try writeEMODB(into: folder.path, speakers: ["03", "08"], letters: "WF", sentences: 1, seconds: 0.5)
    let known = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/03a01Wa.wav"))
    try folder.write("08b02Ta.wav", Array(known))
    try folder.write("10a01Wa.wav", Array("this is not sound".utf8))
    try folder.write("10a02Wa.wav", WAVFile.float([Float](repeating: 0, count: 100)))
    try folder.write("10a04Wa.wav", WAVFile.float(Array(repeating: 0.1, count: 44100), rate: 44100))
    // Half a second, of which the last quarter was lost.
    let file = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/08a01Wa.wav"))
    try folder.write("08a01Wa.wav", Array(file.dropLast(16000 / 4 * 4)))
    try folder.write("notes.txt", [])
  }
}
