import Glibc

/// The odds of speech from `SpeechEvidence`: a network of one hidden layer, fitted to speech in noise (tools/fit-speech-gate).
///
/// What counts for speech depends on the noise, which a weighted sum of the evidence could not express.
enum SpeechScore {
  /// Natural logarithm of the odds that the frame is speech; `evidence` has `SpeechEvidence.count` values.
  static func of(_ evidence: UnsafeBufferPointer<Float>) -> Float {
    var score = outputBias
    for unit in 0..<hiddenBiases.count {
      var sum = hiddenBiases[unit]
      for i in 0..<SpeechEvidence.count { sum += hiddenWeights[unit * SpeechEvidence.count + i] * evidence[i] }
      score += outputWeights[unit] * tanhf(sum)
    }
    return score
  }
}
