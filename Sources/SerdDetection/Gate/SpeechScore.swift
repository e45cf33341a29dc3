import Glibc

/// The odds of speech from `SpeechEvidence`: a network of one hidden layer, fitted to speech in noise
/// (tools/fit-speech-gate).
///
/// What counts for speech depends on the noise, which a weighted sum of the evidence could not express.
package enum SpeechScore {
  /// The hidden layer's weights, a measure's for all units side by side.
  private static let columns: [SIMD16<Float>] = (0..<SpeechEvidence.count).map { measure in
    SIMD16((0..<16).map { unit in hiddenWeights[unit * SpeechEvidence.count + measure] })
  }
  private static let biases = SIMD16<Float>(hiddenBiases)

  /// Natural logarithm of the odds that the frame is speech; `evidence` has `SpeechEvidence.count` values.
  package static func of(_ evidence: UnsafeBufferPointer<Float>) -> Float {
    // All units at once: one alone would wait for each of its additions.
    var sums = biases
    columns.withUnsafeBufferPointer { columns in
      for i in 0..<SpeechEvidence.count { sums += columns[i] * evidence[i] }
    }
    var score = outputBias
    for unit in 0..<16 { score += outputWeights[unit] * tanhf(sums[unit]) }
    return score
  }
}
