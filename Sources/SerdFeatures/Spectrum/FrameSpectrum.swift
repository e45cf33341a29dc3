import CFrontEndKernels
import Glibc

/// Magnitudes or powers of the windowed real DFT of a frame. Not safe to share between threads.
package final class FrameSpectrum {
  private let half: Int
  private let kernels: FrontEndKernels
  private let transform: any SpectrumTransform
  /// For the even samples, then for the odd ones, a half each, with the factor 1/2 that the transform wants.
  private let window: AlignedFloats

  /// Of `frameLength`, `window` and `spectrum`; the other settings are not read.
  package init(settings: FrontEndSettings, transform: TransformKind, kernels: FrontEndKernels) {
    let length = settings.frameLength
    half = length / 2
    self.kernels = kernels
    self.transform = transform.make(settings: settings, kernels: kernels)
    let (constant, cosine) = settings.window == .hann ? (0.5, 0.5) : (0.54, 0.46)
    window = AlignedFloats(
      [0, 1].flatMap { odd in
        stride(from: odd, to: length, by: 2).map {
          0.5 * Float(constant - cosine * cos(2 * .pi * Double($0) / Double(length)))
        }
      })
  }

  /// Writes the frame's half + 1 bins.
  package func apply(_ frame: UnsafePointer<Float>, into bins: UnsafeMutablePointer<Float>) {
    let (samples, window) = (transform.samples, window.start)
    kernels.table.window(frame, window, window + half, samples, samples + half, Int32(half))
    transform.transform(into: bins)
  }
}
