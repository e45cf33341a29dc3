import CFrontEndKernels
import Glibc
import SerdFeatures
import SerdNetwork

/// Whisper's log-mel spectrum: frames of 400 samples (25 ms) every 160 (10 ms), Hann window, 80 bands of the power
/// spectrum, base-10 logarithm.
///
/// A frame is kept as it is, so that all windows that contain it share it; `LogMelWindow` makes a window's input of it,
/// which depends on the window's loudest band. A gain g on the samples adds 2 · log10 g to every value of a frame (but
/// for those at the floor): so a gain step is an offset, as it is on c0 of the other front end.
///
/// No allocation after `init`. Not safe to share between threads: it owns its work buffers.
package final class LogMel {
  /// Samples per frame.
  package static let frameLength = 400
  /// Samples from one frame's start to the next.
  package static let hop = 160
  /// Values per frame.
  package static let bands = 80
  /// In Hz.
  package static let sampleRate = 16000
  /// Bands below this power are at it.
  static let floor: Float = 1e-10

  private let spectrum: FrameSpectrum
  private let filterBank: MelFilterBank
  private let kernels: FrontEndKernels
  private let bins: AlignedMemory

  /// - Parameter kernels: chosen by tests.
  package init(transform: TransformKind = .default, kernels: FrontEndKernels = .best) {
    var settings = FrontEndSettings.paper
    (settings.frameLength, settings.window, settings.spectrum) = (Self.frameLength, .hann, .power)
    spectrum = FrameSpectrum(settings: settings, transform: transform, kernels: kernels)
    filterBank = MelFilterBank(weights: Self.slaneyBands())
    self.kernels = kernels
    let count = max(Self.frameLength / 2 + 1, filterBank.binsRead)
    bins = AlignedMemory(byteCount: count * MemoryLayout<Float>.stride)
  }

  /// Writes `bands` values, in log10 of power, for the `frameLength` samples at `frame`.
  package func process(frame: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
    let bins = bins.values(Float.self)
    spectrum.apply(frame, into: bins)
    filterBank.apply(bins, into: output, kernels: kernels)
    for band in 0..<Self.bands { output[band] = max(output[band], Self.floor) }
    kernels.table.logarithm(output, 0, Int32(Self.bands))
    let perDecade = Float(1 / log(10.0))
    for band in 0..<Self.bands { output[band] *= perDecade }
  }

  /// What a gain step adds to every value: 2 · log10 of the gain.
  package static func offset(gainStep: Int, level: LevelSettings) -> Float {
    Float(Double(gainStep) * level.stepSize / 10)
  }

  /// Frames that fit in `samples` samples without padding.
  package static func frames(inSamples samples: Int) -> Int {
    samples < frameLength ? 0 : (samples - frameLength) / hop + 1
  }

  /// Samples that `frames` frames span.
  package static func samples(inFrames frames: Int) -> Int { frames == 0 ? 0 : (frames - 1) * hop + frameLength }

  /// Slaney's mel scale (linear to 1 kHz, then logarithmic) and norm (every band has the same area): 80 bands from 0 to
  /// 8000 Hz, a weight for each of 201 bins.
  static func slaneyBands() -> [[Double]] {
    let (corner, step) = (15.0, log(6.4) / 27)
    func hertz(_ mel: Double) -> Double { mel < corner ? mel * 200 / 3 : 1000 * exp(step * (mel - corner)) }
    let highest = corner + log(8.0) / step
    let edges = (0..<bands + 2).map { hertz(highest * Double($0) / Double(bands + 1)) }
    return (0..<bands).map { band in
      let (left, centre, right) = (edges[band], edges[band + 1], edges[band + 2])
      return (0...frameLength / 2).map { bin in
        let frequency = Double(bin * sampleRate) / Double(frameLength)
        let weight = min((frequency - left) / (centre - left), (right - frequency) / (right - centre))
        return max(0, weight) * 2 / (right - left)
      }
    }
  }
}
