import Dispatch
import Glibc
import SerdFeatures
import SerdTestKit
import Testing

@Suite("The front end's two Fourier transforms")
struct SpectrumTransformTests {
  private static func settings(length: Int, _ spectrum: FrontEndSettings.Spectrum = .magnitude) -> FrontEndSettings {
    var settings = FrontEndSettings.paper
    (settings.frameLength, settings.spectrum) = (length, spectrum)
    return settings
  }

  /// Bins of `signal`, without a window.
  private static func bins(_ signal: [Float], _ transform: any SpectrumTransform) -> [Float] {
    let half = signal.count / 2
    for i in 0..<half {
      transform.samples[i] = signal[2 * i] / 2
      transform.samples[half + i] = signal[2 * i + 1] / 2
    }
    var bins = [Float](repeating: .nan, count: half + 1)
    transform.transform(into: &bins)
    return bins
  }

  /// The definition, in double precision.
  private static func power(_ signal: [Float], bin: Int) -> Double {
    var (real, imaginary) = (0.0, 0.0)
    for (n, x) in signal.enumerated() {
      let angle = 2 * Double.pi * Double(bin * n % signal.count) / Double(signal.count)
      real += Double(x) * cos(angle)
      imaginary -= Double(x) * sin(angle)
    }
    return real * real + imaginary * imaginary
  }

  /// A transform in single precision loses about one unit in the last place of the root mean square for each doubling
  /// of the length; random signs make it less.
  @Test(
    "The bins are those of the definition", arguments: TransformKind.allCases, [256, 400, 512, 1024, 2048, 4096, 8192])
  func definition(kind: TransformKind, length: Int) {
    var generator = TestGenerator(seed: UInt64(length))
    let signal = (0..<length).map { _ in Float.random(in: -1...1, using: &generator) }
    let magnitudes = Self.bins(signal, kind.make(settings: Self.settings(length: length)))
    let powers = Self.bins(signal, kind.make(settings: Self.settings(length: length, .power)))
    var (power, error) = (0.0, 0.0)
    // Every eighth bin of the long ones, the first and the last among them: the definition costs a product per sample.
    for bin in stride(from: 0, through: length / 2, by: length > 512 ? 8 : 1) {
      let exact = Self.power(signal, bin: bin)
      let difference = Double(magnitudes[bin]) - exact.squareRoot()
      power += exact
      error += difference * difference
      #expect(abs(difference) < 1e-5 * Double(length).squareRoot(), "bin \(bin)")
      #expect(abs(Double(powers[bin]).squareRoot() - exact.squareRoot()) < 1e-5 * Double(length).squareRoot())
    }
    #expect((error / power).squareRoot() < 2e-7, "\((error / power).squareRoot())")
  }

  /// Each may be off by what float32 allows for the signal, to either side.
  @Test(
    "Both give the same coefficients, as near as single precision allows",
    .enabled(if: TransformKind.allCases.count > 1), arguments: [FrontEndSettings.paper, .report])
  func agreement(settings: FrontEndSettings) {
    var settings = settings
    // The tolerances are those of the signals as they are: what is left of an empty band is all rounding.
    settings.offsetMemory = 0
    for signal in SyntheticSignal.allCases {
      let samples = signal.samples(seconds: 3)
      let expected = FeatureStream.frames(of: samples, settings: settings, transform: .portable)
      for kind in TransformKind.allCases where kind != .portable {
        let frames = FeatureStream.frames(of: samples, settings: settings, transform: kind)
        #expect(frames.count == expected.count)
        let difference = zip(frames, expected).map { abs($0 - $1) }.max()!
        #expect(difference <= GoldenMFCCTests.tolerances[signal]!, "\(kind) \(signal): \(difference)")
      }
    }
  }

  /// Of lengths that were never planned before: without a lock, the planner crashes here.
  @Test("Threads may plan FFTW's at the same time", .enabled(if: TransformKind(rawValue: "fftw") != nil))
  func threads() throws {
    let kind = try #require(TransformKind(rawValue: "fftw"))
    DispatchQueue.concurrentPerform(iterations: 600) { turn in
      let length = 64 + 4 * turn
      var signal = [Float](repeating: 0, count: length)
      signal[turn % length] = 1
      let bins = Self.bins(signal, kind.make(settings: Self.settings(length: length)))
      #expect(bins.allSatisfy { abs($0 - 1) < 1e-6 }, "\(length)")
    }
  }
}
