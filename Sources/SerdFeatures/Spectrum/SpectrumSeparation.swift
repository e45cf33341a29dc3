import CFrontEndKernels
import Glibc

/// From the complex transform of (even samples) + i (odd samples) to the bins of the real samples (Sorensen et al.
/// 1987, "Real-valued fast Fourier transform algorithms").
struct SpectrumSeparation {
  /// Complex values.
  let half: Int
  private let isPower: Int32
  private let kernels: FrontEndKernels
  /// Cosines, then negative sines, of the first quarter turn.
  private let turns: AlignedFloats

  init(settings: FrontEndSettings, kernels: FrontEndKernels) {
    half = settings.frameLength / 2
    isPower = settings.spectrum == .power ? 1 : 0
    self.kernels = kernels
    let angles = (0...half / 2).map { 2 * .pi * Double($0) / Double(settings.frameLength) }
    turns = AlignedFloats(angles.map { Float(cos($0)) } + angles.map { Float(-sin($0)) })
  }

  /// Reads `half` real parts, then as many imaginary ones; writes half + 1 magnitudes or powers.
  func apply(_ transformed: UnsafePointer<Float>, into bins: UnsafeMutablePointer<Float>) {
    kernels.table.spectrum(transformed, transformed + half, turns.start, bins, Int32(half), isPower)
  }
}
