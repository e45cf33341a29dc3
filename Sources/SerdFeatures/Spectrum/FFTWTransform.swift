#if FFTW
  import CFFTW
  import Synchronization

  /// The transform of FFTW (Frigo and Johnson 2005, "The Design and Implementation of FFTW3"), single precision.
  ///
  /// The plan is estimated, not measured: measuring costs 115 ms, and gives other bits in every process. Slower than a
  /// complex transform with its parts in two arrays, all with estimated plans: FFTW's own real transform (three times
  /// as long), two real frames as one complex signal, complex numbers in one array, frames in batches.
  final class FFTWTransform: SpectrumTransform {
    /// The samples, then their transform.
    private let work: AlignedFloats
    private let transformed: UnsafeMutablePointer<Float>
    private let plan: fftwf_plan
    private let separation: SpectrumSeparation

    /// Floats between the two arrays: in step with each other they would share lines of the first-level cache.
    private static let gap = 64

    /// Plans are made and destroyed by one thread at a time: of all of FFTW that this uses, only executing them is safe
    /// in several at once.
    private static let planner = Mutex(())

    init(settings: FrontEndSettings, kernels: FrontEndKernels) {
      let length = settings.frameLength
      separation = SpectrumSeparation(settings: settings, kernels: kernels)
      work = AlignedFloats(count: 2 * length + Self.gap)
      transformed = work.start + length + Self.gap
      plan = Self.plan(work.start, transformed, half: length / 2)
    }

    deinit { Self.planner.withLock { _ in fftwf_destroy_plan(plan) } }

    var samples: UnsafeMutablePointer<Float> { work.start }

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
