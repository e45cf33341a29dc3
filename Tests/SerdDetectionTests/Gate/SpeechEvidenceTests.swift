import Glibc
import SerdDetection
import SerdFeatures
import SerdTestKit
import Testing

@Suite struct SpeechEvidenceTests {
  private func evidence(_ samples: [Float], gain: Float = 1, coefficients: Int = 40) -> [[Float]] {
    var settings = FrontEndSettings.report
    settings.coefficients = coefficients
    let stream = FeatureStream(mfcc: MFCC(settings: settings), windowFrames: 1)
    var evidence = SpeechEvidence()
    var rows: [[Float]] = []
    samples.map { $0 * gain }.withUnsafeBufferPointer { samples in
      stream.push(samples) { frame in
        evidence.update(
          level: frame.level,
          cepstrum: UnsafeBufferPointer(start: frame.coefficients, count: stream.settings.coefficients))
        rows.append(evidence.values)
      }
    }
    return rows
  }

  @Test("The loudness of the whole does not matter")
  func gain() {
    let samples = zip(voiceWithPauses(seconds: 4), SteadySound.white.samples(seconds: 4, decibels: -25)).map { $0 + $1 }
    for (one, other) in zip(evidence(samples), evidence(samples, gain: 0.1)) {
      for i in 0..<SpeechEvidence.count { #expect(abs(one[i] - other[i]) < 0.3) }
    }
  }

  @Test("Coefficients beyond those that the gate was fitted to do not count", arguments: [60, 128])
  func finerFrontEnds(coefficients: Int) {
    let sound = zip(voiceWithPauses(seconds: 3), SteadySound.white.samples(seconds: 3, decibels: -25)).map { $0 + $1 }
    for (one, other) in zip(evidence(sound), evidence(sound, coefficients: coefficients)) {
      for i in 0..<SpeechEvidence.count { #expect(abs(one[i] - other[i]) < 1e-3) }
    }
  }

  @Test("Steady noise stands 0 to 6 dB above its floor, a voice 10 dB above the noise more than that")
  func levels() {
    let noise = SteadySound.brown.samples(seconds: 6, decibels: -10)
    let voice = voiceWithPauses(seconds: 6)
    let alone = evidence(noise)
    let both = evidence(zip(noise, voice).map { $0 + $1 })
    // The first measure is the mean of the bands, from the third second on; the voice speaks from 3.5 s to 5 s.
    #expect(alone[190...].allSatisfy { $0[0] >= 0 && $0[0] < 6 })
    let spoken = both[225..<300].map { $0[0] }.reduce(0, +) / 75
    let unspoken = alone[225..<300].map { $0[0] }.reduce(0, +) / 75
    #expect(spoken > unspoken + 4)
  }

  @Test("Averages follow their measures")
  func averages() {
    let rows = evidence(voiceWithPauses(seconds: 3))
    #expect(rows[0][8..<16].elementsEqual(rows[0][0..<8]) && rows[0][16..<24].elementsEqual(rows[0][0..<8]))
    for (before, after) in zip(rows, rows.dropFirst()) {
      for i in 0..<8 { #expect(abs(after[8 + i] - (before[8 + i] + 0.25 * (after[i] - before[8 + i]))) < 1e-3) }
    }
  }

  @Test("All units at once give the score of one after the other, to the bit")
  func score() {
    let sound = zip(voiceWithPauses(seconds: 3), SteadySound.white.samples(seconds: 3, decibels: -35)).map { $0 + $1 }
    for row in evidence(sound) {
      var expected = SpeechScore.outputBias
      for (unit, bias) in SpeechScore.hiddenBiases.enumerated() {
        let weights = SpeechScore.hiddenWeights[unit * row.count..<(unit + 1) * row.count]
        let sum = zip(weights, row).reduce(bias) { $0 + $1.0 * $1.1 }
        expected += SpeechScore.outputWeights[unit] * tanhf(sum)
      }
      #expect(row.withUnsafeBufferPointer { SpeechScore.of($0) } == expected)
    }
  }
}
