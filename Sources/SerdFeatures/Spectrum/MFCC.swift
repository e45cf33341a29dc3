/// Mel-frequency cepstral coefficients of one frame: window, real FFT, mel bands, log, DCT-II.
///
/// The coefficients are of the samples as they are: neither gain, nor standardisation, nor the clip is applied here
/// (`InputScaling` does that), so that a frame is computed once and shared by all windows that contain it.
///
/// About 0.9 µs a frame with AVX2 (`SerdBenchmarks front-end`, which also shows the parts), no allocation. A frame's
/// values depend on its samples alone. Not safe to share between threads: it owns its work buffers. Several instances
/// may run at once.
package final class MFCC {
  /// What is computed.
  package let settings: FrontEndSettings
  let kernels: FrontEndKernels
  private let spectrum: FrameSpectrum
  private let filterBank: MelFilterBank
  private let cosineTransform: CosineTransform
  private let bins: AlignedFloats
  private let melEnergies: AlignedFloats

  /// - Parameters:
  ///   - vocalTractWarp: see `MelFilterBank`; 1 everywhere but in training.
  ///   - kernels: chosen by tests and benchmarks.
  package init(
    settings: FrontEndSettings, transform: TransformKind = .default, vocalTractWarp: Double = 1,
    kernels: FrontEndKernels = .best
  ) {
    self.settings = settings
    self.kernels = kernels
    spectrum = FrameSpectrum(settings: settings, transform: transform, kernels: kernels)
    filterBank = MelFilterBank(settings: settings, vocalTractWarp: vocalTractWarp)
    cosineTransform = CosineTransform(bands: settings.melBands, coefficients: settings.coefficients)
    bins = AlignedFloats(count: max(settings.frameLength / 2 + 1, filterBank.binsRead))
    melEnergies = AlignedFloats(count: filterBank.paddedBands)
  }

  /// Writes `coefficients` values for the `frameLength` samples at `frame`.
  package func process(frame: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
    transformSpectrum(frame)
    sumBands()
    takeLogarithm()
    transformCosine(into: output)
  }

  // The parts, in their order; SerdBenchmarks times them.

  package func transformSpectrum(_ frame: UnsafePointer<Float>) { spectrum.apply(frame, into: bins.start) }
  package func sumBands() { filterBank.apply(bins.start, into: melEnergies.start, kernels: kernels) }
  package func takeLogarithm() {
    kernels.table.logarithm(melEnergies.start, settings.logFloor, Int32(filterBank.paddedBands))
  }
  package func transformCosine(into output: UnsafeMutablePointer<Float>) {
    cosineTransform.apply(melEnergies.start, into: output, kernels: kernels)
  }
}
