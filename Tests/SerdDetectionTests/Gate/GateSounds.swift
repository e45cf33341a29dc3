import Glibc
import SerdDetection
import SerdFeatures
import SerdTestKit

/// The gate's states, frame by frame, for sound through the real front end.
func gateStates(_ samples: [Float], settings: SpeechGate.Settings = .init()) -> [Bool] {
  let coefficients = FrontEndSettings.report.coefficients
  let cepstra = FeatureStream.frames(of: samples, settings: .report)
  var gate = SpeechGate(settings: settings)
  return (0..<cepstra.count / coefficients).map { frame in
    let part = samples[frame * 256..<frame * 256 + 1024]
    let meanSquare = part.reduce(Float(0)) { $0 + $1 * $1 } / 1024
    return cepstra[frame * coefficients..<(frame + 1) * coefficients].withUnsafeBufferPointer {
      gate.update(level: meanSquare > 1e-20 ? 10 * log10f(meanSquare) : -200, cepstrum: $0)
    }
  }
}

/// The share of open frames from `start` on, in seconds.
func openShare(_ states: [Bool], from start: Double = 0, to end: Double = .infinity) -> Double {
  let first = Int(start / 0.016)
  let last = min(states.count, Int(min(end, 1e6) / 0.016))
  return Double(states[first..<last].filter { $0 }.count) / Double(last - first)
}

/// Steady sounds of RMS 0.1.
enum SteadySound: CaseIterable {
  case white, brown, hum, tone, fan

  func samples(seconds: Double, decibels: Float = 0) -> [Float] {
    var generator = TestGenerator(seed: 1)
    var low: Float = 0
    let raw = (0..<Int(seconds * 16000)).map { n -> Float in
      let t = Float(n % 16000) / 16000  // all periods divide a second
      let noise = Float.random(in: -1...1, using: &generator)
      low = 0.98 * low + 0.1 * noise
      return switch self {
      case .white: noise
      case .brown: low
      case .hum: (1...20).reduce(0.01 * noise) { $0 + sinf(2 * .pi * 50 * Float($1) * t) / Float($1) }
      case .tone: sinf(2 * .pi * 1000 * t) + 0.003 * noise
      case .fan: low * (1 + 0.3 * sinf(2 * .pi * 2 * t)) + 0.05 * sinf(2 * .pi * 120 * t)
      }
    }
    let rms = (raw.reduce(0) { $0 + $1 * $1 } / Float(raw.count)).squareRoot()
    return raw.map { $0 * 0.1 / rms * powf(10, decibels / 20) }
  }
}

/// A synthetic voice that speaks for 1.5 s and is silent for 1 s, in turn, from 1 s on; and where it speaks.
func voiceWithPauses(seconds: Double) -> [Float] {
  let voice = SyntheticCorpus.voice(pitch: 120, rate: 7, seconds: seconds)
  return voice.indices.map { n in
    let phase = (Double(n) / 16000 - 1).truncatingRemainder(dividingBy: 2.5)
    return phase >= 0 && phase < 1.5 ? voice[n] : 0
  }
}
