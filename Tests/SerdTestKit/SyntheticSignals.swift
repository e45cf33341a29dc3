import Glibc

/// The three signals whose MFCCs TensorFlow computed (Tests/Golden/README.md), made again by the same formulas.
package enum SyntheticSignal: Int, CaseIterable, Sendable {
  /// Linear sweep from 60 Hz to 7400 Hz.
  case chirp
  /// 24 harmonics of 110 + 30·seconds Hz under a 2.5 Hz envelope.
  case harmonics
  /// White noise with digital silence in the middle fifth.
  case noise

  /// 16-bit samples at 16 kHz.
  package func pcm(seconds: Int) -> [Int16] {
    let count = 16000 * seconds
    var state = UInt32(12345 + seconds)
    return (0..<count).map { n in
      let t = Double(n) / 16000
      let x: Double
      switch self {
      case .chirp:
        let cycles: Double = 60 * t + (7400 - 60) / (2 * Double(seconds)) * t * t
        x = 0.5 * sin(2 * .pi * cycles)
      case .harmonics:
        let fundamental = 110 + 30 * Double(seconds)
        var sum = 0.0
        for k in 1...24 {
          let order = Double(k)
          let phase: Double = 2 * .pi * order * fundamental * t + 0.7 * order * order
          sum += 0.35 / order * sin(phase)
        }
        x = (0.55 + 0.45 * sin(2 * .pi * 2.5 * t)) * sum
      case .noise:
        state = 1_664_525 &* state &+ 1_013_904_223
        let silent = n >= count * 2 / 5 && n < count * 3 / 5
        x = silent ? 0 : 0.25 * (Double(state) / 2_147_483_648 - 1)
      }
      return Int16((x * 32767 + 0.5).rounded(.down))
    }
  }

  /// The same as floats in [-1, 1), like a decoded 16-bit file.
  package func samples(seconds: Int) -> [Float] { pcm(seconds: seconds).map { Float($0) / 32768 } }
}
