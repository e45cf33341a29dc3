/// Mel-frequency cepstral coefficients of one frame: window, real FFT, mel bands, log, DCT-II.
///
/// The coefficients are of the samples as they are: neither gain, nor standardisation, nor the clip is applied here
/// (`InputScaling` does that), so that a frame is computed once and shared by all windows that contain it.
///
/// About 1.1 µs a frame with AVX2 (`SerdBenchmarks front-end`, which also shows the parts), no allocation. A frame's
/// values depend on its samples alone. Not safe to share between threads: it owns its work buffers. Several instances
/// may run at once.
package final class MFCC {
  /// What is computed.
  package let settings: FrontEndSettings
  let kernels: FrontEndKernels
  private let spectrum: RealSpectrum
  private let filterBank: MelFilterBank
  private let transform: CosineTransform
  private let bins: UnsafeMutablePointer<Float>
  private let melEnergies: UnsafeMutablePointer<Float>

  /// - Parameter vocalTractWarp: see `MelFilterBank`; 1 everywhere but in training.
  package convenience init(settings: FrontEndSettings, vocalTractWarp: Double = 1) {
    self.init(settings: settings, vocalTractWarp: vocalTractWarp, kernels: .best)
  }

  /// With chosen kernels, for tests and benchmarks.
  package init(settings: FrontEndSettings, vocalTractWarp: Double = 1, kernels: FrontEndKernels) {
    self.settings = settings
    self.kernels = kernels
    spectrum = RealSpectrum(settings: settings, kernels: kernels)
    filterBank = MelFilterBank(settings: settings, vocalTractWarp: vocalTractWarp)
    transform = CosineTransform(bands: settings.melBands, coefficients: settings.coefficients)
    let binCount = max(settings.frameLength / 2 + 1, filterBank.binsRead)
    bins = .allocate(capacity: binCount)
    bins.initialize(repeating: 0, count: binCount)
    melEnergies = .allocate(capacity: filterBank.paddedBands)
  }

  deinit {
    bins.deallocate()
    melEnergies.deallocate()
  }

  /// Writes `coefficients` values for the `frameLength` samples at `frame`.
  package func process(frame: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
    transformSpectrum(frame)
    sumBands()
    takeLogarithm()
    transformCosine(into: output)
  }

  // The parts, in their order; SerdBenchmarks times them.

  package func transformSpectrum(_ frame: UnsafePointer<Float>) { spectrum.transform(frame, into: bins) }
  package func sumBands() { filterBank.apply(bins, into: melEnergies, kernels: kernels) }
  package func takeLogarithm() {
    kernels.table.logarithm(melEnergies, settings.logFloor, Int32(filterBank.paddedBands))
  }
  package func transformCosine(into output: UnsafeMutablePointer<Float>) {
    transform.apply(melEnergies, into: output, kernels: kernels)
  }
}
