import Glibc

/// Makes a short recording as long as a window, in the same way for training and for `serd --once`.
///
/// Runs of exact zeros tell a network how long an utterance was and never occur on a microphone, so digital silence at
/// both ends is trimmed and the clip is laid over low white noise. The noise is a fixed sequence: the same clip gives the same result.
public enum ClipPadding {
  /// Below half of a 16-bit step: what a resampler leaves of exact zeros.
  static let digitalSilence: Float = 1.5e-5
  /// RMS of the noise against the clip's peak, in dB.
  static let noiseLevel: Float = -55

  /// The clip without digital silence at its ends; empty if it is nothing else.
  public static func trimmed(_ clip: [Float]) -> ArraySlice<Float> {
    guard let first = clip.firstIndex(where: { abs($0) > digitalSilence }),
      let last = clip.lastIndex(where: { abs($0) > digitalSilence })
    else { return [] }
    return clip[first...last]
  }

  /// `length` samples: the clip (at most `length` long) at `position` (0 start, 0.5 centre, 1 end) with noise around it.
  public static func padded(_ clip: ArraySlice<Float>, to length: Int, position: Double = 0.5) -> [Float] {
    precondition(clip.count <= length, "a clip of \(clip.count) samples does not fit in \(length)")
    let peak = clip.reduce(Float(0)) { max($0, abs($1)) }
    // Uniform noise on [-a, a] has the RMS a / √3.
    let amplitude = peak * powf(10, noiseLevel / 20) * sqrtf(3)
    let start = Int((Double(length - clip.count) * position).rounded())
    var state: UInt32 = 1
    return (0..<length).map { index in
      state = state &* 1_664_525 &+ 1_013_904_223  // Numerical Recipes' generator
      let inside = index >= start && index < start + clip.count
      return inside ? clip[clip.startIndex + index - start] : amplitude * (Float(state) / 2_147_483_648 - 1)
    }
  }
}
