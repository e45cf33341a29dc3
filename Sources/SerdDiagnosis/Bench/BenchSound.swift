import Glibc

/// Something like speech, to time the pipeline with: harmonics of a gliding voice under a syllable's rhythm. The same
/// everywhere.
struct BenchSound {
  /// 16 kHz, mono.
  let samples: [Float]

  /// - Parameter count: how many samples.
  init(count: Int) {
    samples = (0..<count).map { index in
      let time = Double(index) / 16000
      let phase = 2 * Double.pi * (140 * time + 8 * sin(2 * .pi * 0.7 * time))
      let voice = (1...12).reduce(0) { $0 + sin(phase * Double($1)) / Double($1) }
      return Float(0.15 * voice * (0.6 + 0.4 * sin(2 * .pi * 4 * time)))
    }
  }
}
