/// The Fourier transform of the front end: n windowed reals to the n / 2 + 1 magnitudes or powers of their spectrum.
///
/// Both ways take the even and the odd samples for one complex signal of half the length; the bins follow from its
/// transform by one pass (`SpectrumSeparation`). They differ in who transforms: FFTW, or the kernels. (The kernels take
/// powers of two; other lengths are summed up by `DirectTransform`.) No allocation after `init`. Not safe to share
/// between threads; several instances may run at once.
package protocol SpectrumTransform: AnyObject {
  /// Where the windowed samples go, n of them: the even ones, then the odd ones, all halved.
  var samples: UnsafeMutablePointer<Float> { get }

  /// Writes the n / 2 + 1 bins of `samples`, which are lost.
  func transform(into bins: UnsafeMutablePointer<Float>)
}

/// Whose Fourier transform the front end uses. Not stored with a model: the two differ in rounding only.
package enum TransformKind: String, CaseIterable, Encodable, Sendable {
  #if FFTW
    /// FFTW's, single precision. Its last bits may differ between processors.
    case fftw
  #endif
  /// The kernels'. The same bits on every processor.
  case portable

  /// FFTW's, where this build has it.
  package static var `default`: TransformKind { allCases[0] }

  /// The environment variable that chooses.
  package static let variable = "SERD_TRANSFORM"

  /// What a name must be, completing "'x' is not …".
  package static var expected: String {
    let names = allCases.map(\.rawValue).joined(separator: ", ")
    return "one of: \(names)" + (hasFFTW ? "" : " (this program was built without FFTW)")
  }

  /// Whether this build has FFTW's.
  package static var hasFFTW: Bool { allCases.count > 1 }

  /// The transform of frames of these settings.
  package func make(settings: FrontEndSettings, kernels: FrontEndKernels = .best) -> any SpectrumTransform {
    switch self {
    #if FFTW
      case .fftw: FFTWTransform(settings: settings, kernels: kernels)
    #endif
    case .portable:
      PortableTransform.takes(length: settings.frameLength)
        ? PortableTransform(settings: settings, kernels: kernels)
        : DirectTransform(settings: settings, kernels: kernels)
    }
  }
}
