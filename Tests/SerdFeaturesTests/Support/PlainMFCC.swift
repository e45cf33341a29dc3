import Glibc
import SerdFeatures

/// The front end's definition, in double precision and as plainly as it can be written: what the fast one is held
/// against.
struct PlainMFCC {
  let settings: FrontEndSettings
  private let turns: [(cosine: Double, sine: Double)]

  init(settings: FrontEndSettings) {
    self.settings = settings
    turns = (0..<settings.frameLength).map { n in
      let angle = 2 * .pi * Double(n) / Double(settings.frameLength)
      return (cos(angle), sin(angle))
    }
  }

  /// The coefficients of one frame.
  func coefficients(of frame: ArraySlice<Float>) -> [Double] {
    let logarithms = melEnergies(spectrum(of: Array(frame))).map { log($0 + Double(settings.logFloor)) }
    let count = Double(settings.melBands)
    return (0..<settings.coefficients).map { k in
      var sum = 0.0
      for (m, value) in logarithms.enumerated() { sum += value * cos(.pi * Double(k) * (Double(m) + 0.5) / count) }
      return sum * 2 / (2 * count).squareRoot()
    }
  }

  private func spectrum(of frame: [Float]) -> [Double] {
    let (constant, cosine) = settings.window == .hann ? (0.5, 0.5) : (0.54, 0.46)
    let windowed = zip(frame, turns).map { Double($0) * (constant - cosine * $1.cosine) }
    return (0...settings.frameLength / 2).map { bin in
      var (real, imaginary) = (0.0, 0.0)
      for (n, x) in windowed.enumerated() {
        let turn = turns[bin * n % settings.frameLength]
        real += x * turn.cosine
        imaginary -= x * turn.sine
      }
      let power = real * real + imaginary * imaginary
      return settings.spectrum == .power ? power : power.squareRoot()
    }
  }

  private func melEnergies(_ spectrum: [Double]) -> [Double] {
    func mel(_ hertz: Double) -> Double { 1127 * log1p(hertz / 700) }
    let low = mel(settings.lowHz)
    let step = (mel(settings.highHz) - low) / Double(settings.melBands + 1)
    return (0..<settings.melBands).map { band in
      var sum = 0.0
      for bin in 1..<spectrum.count {
        let hertz = Double(bin) * Double(settings.sampleRate) / Double(settings.frameLength)
        let rising = (mel(hertz) - low) / step - Double(band)
        sum += max(0, min(rising, 2 - rising)) * spectrum[bin]
      }
      return sum
    }
  }
}
