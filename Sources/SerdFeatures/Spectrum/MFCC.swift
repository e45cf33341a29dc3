import CFFTW
import Glibc
import Synchronization

/// Mel-frequency cepstral coefficients of one frame: window, real FFT (FFTW, single precision), mel bands, log, DCT-II.
///
/// The coefficients are of the samples as they are: neither gain, nor standardisation, nor the clip is applied here
/// (`InputScaling` does that), so that a frame is computed once and shared by all windows that contain it.
///
/// About 4 µs a frame (`SerdBenchmarks front-end`), no allocation. Plans are made with FFTW_ESTIMATE (FFTW_MEASURE costs 115 ms at start).
/// Not safe to share between threads: it owns its work buffers. Several instances may run at once.
public final class MFCC {
  /// What is computed.
  public let settings: FrontEndSettings
  private let window: [Float]
  private let filterBank: MelFilterBank
  private let transform: CosineTransform
  private let work: FFTBuffers
  private let melEnergies: UnsafeMutablePointer<Float>

  /// - Parameter vocalTractWarp: see `MelFilterBank`; 1 everywhere but in training.
  public init(settings: FrontEndSettings, vocalTractWarp: Double = 1) {
    self.settings = settings
    let length = settings.frameLength
    let (constant, cosine) = settings.window == .hann ? (0.5, 0.5) : (0.54, 0.46)
    window = (0..<length).map { Float(constant - cosine * cos(2 * .pi * Double($0) / Double(length))) }
    filterBank = MelFilterBank(settings: settings, vocalTractWarp: vocalTractWarp)
    transform = CosineTransform(bands: settings.melBands, coefficients: settings.coefficients)
    work = FFTBuffers(length: length)
    melEnergies = .allocate(capacity: settings.melBands)
  }

  deinit { melEnergies.deallocate() }

  /// Writes `coefficients` values for the `frameLength` samples at `frame`.
  public func process(frame: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
    window.withUnsafeBufferPointer { window in
      for i in 0..<window.count { work.samples[i] = frame[i] * window[i] }
    }
    work.transform()
    let spectrum = work.samples  // The samples are no longer needed; their buffer takes the spectrum.
    let bins = settings.frameLength / 2 + 1
    for bin in 0..<bins {
      let power = work.bins[bin].0 * work.bins[bin].0 + work.bins[bin].1 * work.bins[bin].1
      spectrum[bin] = settings.spectrum == .magnitude ? power.squareRoot() : power
    }
    filterBank.apply(spectrum, into: melEnergies)
    for band in 0..<settings.melBands { melEnergies[band] = logf(melEnergies[band] + settings.logFloor) }
    transform.apply(melEnergies, into: output)
  }
}

/// FFTW's aligned buffers and the plan between them.
private final class FFTBuffers {
  let samples: UnsafeMutablePointer<Float>
  let bins: UnsafeMutablePointer<fftwf_complex>
  private let plan: fftwf_plan

  /// FFTW's planner is the one part of it that must not run in two threads at once.
  private static let planner = Mutex(())

  init(length: Int) {
    samples = fftwf_alloc_real(length)
    bins = fftwf_alloc_complex(length / 2 + 1)
    let (samples, bins) = (UInt(bitPattern: samples), UInt(bitPattern: bins))
    plan =
      Self.planner.withLock { _ in
        UInt(
          bitPattern: fftwf_plan_dft_r2c_1d(
            Int32(length), UnsafeMutablePointer(bitPattern: samples), UnsafeMutablePointer(bitPattern: bins),
            UInt32(FFTW_ESTIMATE)))
      }.pointer
  }

  func transform() { fftwf_execute(plan) }

  deinit {
    let plan = UInt(bitPattern: plan)
    Self.planner.withLock { _ in fftwf_destroy_plan(plan.pointer) }
    fftwf_free(samples)
    fftwf_free(bins)
  }
}

extension UInt {
  /// Plans cross the lock's closure as addresses, since C pointers are not Sendable.
  fileprivate var pointer: fftwf_plan { fftwf_plan(bitPattern: self)! }
}
