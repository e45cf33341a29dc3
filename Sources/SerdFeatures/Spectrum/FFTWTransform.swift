#if FFTW
  import CFFTW
  import Synchronization

  /// The transform of FFTW (Frigo and Johnson 2005, "The Design and Implementation of FFTW3"), single precision.
  ///
  /// The plan is estimated, not measured: measuring costs 115 ms, and gives other bits in every process. Slower than a
  /// complex transform with its parts in two arrays, all with estimated plans: FFTW's own real transform (three times
  /// as long), two real frames as one complex signal, complex numbers in one array, frames in batches.
  final class FFTWTransform: SpectrumTransform {
    let samples: UnsafeMutablePointer<Float>
    private let transformed: UnsafeMutablePointer<Float>
    private let plan: fftwf_plan
    private let separation: SpectrumSeparation

    /// Plans are made and destroyed by one thread at a time: of all of FFTW that this uses, only executing them is safe
    /// in several at once.
    private static let planner = Mutex(())

    init(settings: FrontEndSettings, kernels: FrontEndKernels) {
      let length = settings.frameLength
      separation = SpectrumSeparation(settings: settings, kernels: kernels)
      // FFTW's allocator, since a plan depends on the alignment of its arrays.
      samples = fftwf_alloc_real(length)
      transformed = fftwf_alloc_real(length)
      plan = Self.plan(samples, transformed, half: length / 2)
    }

    deinit {
      Self.planner.withLock { _ in fftwf_destroy_plan(plan) }
      fftwf_free(samples)
      fftwf_free(transformed)
    }

    func transform(into bins: UnsafeMutablePointer<Float>) {
      fftwf_execute(plan)
      separation.apply(transformed, into: bins)
    }

    /// Real parts, then `half` imaginary ones, in both arrays.
    private static func plan(
      _ input: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>, half: Int
    ) -> fftwf_plan {
      var dimension = fftwf_iodim(n: Int32(half), is: 1, os: 1)
      var plan: fftwf_plan?
      planner.withLock { _ in
        plan = fftwf_plan_guru_split_dft(
          1, &dimension, 0, nil, input, input + half, output, output + half, UInt32(FFTW_ESTIMATE | FFTW_DESTROY_INPUT))
      }
      guard let plan else { preconditionFailure("FFTW has a plan for every length") }
      return plan
    }
  }
#endif
