import CFFTW
import Glibc
import Synchronization

/// Magnitudes or powers of the windowed real DFT of a frame.
///
/// The even and odd samples make one complex signal of half the length, which FFTW transforms; the real signal's bins follow
/// from it by one pass (Sorensen et al. 1987, "Real-valued fast Fourier transform algorithms"). Slower, all with estimated
/// plans: FFTW's own real transform (three times as long), two real frames as one complex signal, complex numbers in one
/// array, frames in batches. FFTW_MEASURE costs 115 ms at start. Not safe to share between threads.
final class RealSpectrum {
  private let half: Int
  private let isPower: Int32
  private let kernels: FrontEndKernels
  /// Even samples, then odd ones, a half each, with the factor 1/2 that the pass after the transform wants.
  private let window: [Float]
  /// Cosines, then negative sines, of the first quarter turn.
  private let turns: [Float]
  private let signal: UnsafeMutablePointer<Float>
  private let transformed: UnsafeMutablePointer<Float>
  private let plan: fftwf_plan

  /// FFTW's planner is the one part of it that must not run in two threads at once.
  private static let planner = Mutex(())

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
    signal = fftwf_alloc_real(length)
    transformed = fftwf_alloc_real(length)
    plan = Self.plan(signal, transformed, half: half)
  }

  /// Writes the frame's half + 1 bins.
  func transform(_ frame: UnsafePointer<Float>, into bins: UnsafeMutablePointer<Float>) {
    window.withUnsafeBufferPointer { window in
      let window = window.baseAddress!
      kernels.table.window(frame, window, window + half, signal, signal + half, Int32(half))
    }
    fftwf_execute(plan)
    kernels.table.spectrum(transformed, transformed + half, turns, bins, Int32(half), isPower)
  }

  private static func plan(
    _ input: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>, half: Int
  ) -> fftwf_plan {
    // Pointers cross the lock's closure as addresses, since they are not Sendable.
    let (input, output) = (UInt(bitPattern: input), UInt(bitPattern: output))
    let plan = planner.withLock { _ in
      var dimension = fftwf_iodim(n: Int32(half), is: 1, os: 1)
      let input = UnsafeMutablePointer<Float>(bitPattern: input)!
      let output = UnsafeMutablePointer<Float>(bitPattern: output)!
      return UInt(
        bitPattern: fftwf_plan_guru_split_dft(
          1, &dimension, 0, nil, input, input + half, output, output + half, UInt32(FFTW_ESTIMATE)))
    }
    return fftwf_plan(bitPattern: plan)!
  }

  deinit {
    let plan = UInt(bitPattern: plan)
    Self.planner.withLock { _ in fftwf_destroy_plan(fftwf_plan(bitPattern: plan)!) }
    fftwf_free(signal)
    fftwf_free(transformed)
  }
}
