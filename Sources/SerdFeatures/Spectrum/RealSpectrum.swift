import CFrontEndKernels
import Glibc

/// Magnitudes or powers of the windowed real DFT of a frame.
///
/// The even and odd samples make one complex signal of half the length; the real signal's bins follow from its
/// transform by one pass (Sorensen et al. 1987, "Real-valued fast Fourier transform algorithms"). The transform is our
/// own (CFrontEndKernels/template_transform.h), not FFTW's, whose last bits differ between processors: a model's answers would,
/// too. It is about as fast (`SerdBenchmarks front-end`). Not safe to share between threads.
package final class RealSpectrum {
  private let half: Int
  private let isPower: Int32
  private let kernels: FrontEndKernels
  /// Even samples, then odd ones, a half each, with the factor 1/2 that the pass after the transform wants.
  private let window: [Float]
  /// Cosines, then negative sines, of the first quarter turn.
  private let turns: [Float]
  private let twiddles: [Float]
  /// The even and odd samples, then room for the transform's passes.
  private let signal: UnsafeMutablePointer<Float>

  init(settings: FrontEndSettings, kernels: FrontEndKernels) {
    let length = settings.frameLength
    half = length / 2
    isPower = settings.spectrum == .power ? 1 : 0
    self.kernels = kernels
    let (constant, cosine) = settings.window == .hann ? (0.5, 0.5) : (0.54, 0.46)
    window = [0, 1].flatMap { odd in
      stride(from: odd, to: length, by: 2).map {
        0.5 * Float(constant - cosine * cos(2 * .pi * Double($0) / Double(length)))
      }
    }
    let angles = (0...half / 2).map { 2 * .pi * Double($0) / Double(length) }
    turns = angles.map { Float(cos($0)) } + angles.map { Float(-sin($0)) }
    twiddles = Self.twiddles(length: half)
    signal = .allocate(capacity: 2 * length)
    signal.initialize(repeating: 0, count: 2 * length)
  }

  /// Writes the frame's half + 1 bins.
  func transform(_ frame: UnsafePointer<Float>, into bins: UnsafeMutablePointer<Float>) {
    window.withUnsafeBufferPointer { window in
      let window = window.baseAddress!
      kernels.table.window(frame, window, window + half, signal, signal + half, Int32(half))
    }
    let transformed = kernels.table.transform(signal, signal + 2 * half, twiddles, Int32(half))!
    kernels.table.spectrum(transformed, transformed + half, turns, bins, Int32(half), isPower)
  }

  /// In the order in which `serd_front_end_kernels.transform` reads them.
  package static func twiddles(length: Int) -> [Float] {
    var values: [Float] = []
    var stride = 1
    while stride < length / 8 {
      for block in Swift.stride(from: 0, to: length / 8, by: 16) {
        for k in 1...7 {
          let angles = (block..<block + 16).map { -2 * .pi * Double(k * ($0 / stride) * stride) / Double(length) }
          values += angles.map { Float(cos($0)) } + angles.map { Float(sin($0)) }
        }
      }
      stride *= 8
    }
    return values
  }

  deinit { signal.deallocate() }
}
