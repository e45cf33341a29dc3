/// Makes a short recording as long as a window, in the same way for training and for `serd --once`.
///
/// Runs of exact zeros tell a network how long an utterance was and never occur on a microphone, so digital silence at
/// both ends is trimmed and the clip gets a `NoiseFloor` around it.
package enum ClipPadding {
  /// Below half of a 16-bit step: what a resampler leaves of exact zeros.
  static let digitalSilence: Float = 1.5e-5

  /// The clip without digital silence at its ends; empty if it is nothing else.
  package static func trimmed(_ clip: [Float]) -> ArraySlice<Float> {
    guard let first = clip.firstIndex(where: { abs($0) > digitalSilence }),
      let last = clip.lastIndex(where: { abs($0) > digitalSilence })
    else { return [] }
    return clip[first...last]
  }

  /// The clip without a constant offset: less its mean, so that what is placed around it makes no step at its ends.
  /// What a stream takes for constant (`OffsetFilter`) changes too slowly for that.
  package static func centred(_ clip: ArraySlice<Float>) -> ArraySlice<Float> {
    guard !clip.isEmpty else { return clip }
    let mean = Float(clip.reduce(0.0) { $0 + Double($1) } / Double(clip.count))
    return ArraySlice(clip.map { $0 - mean })
  }

  /// `length` samples: the clip (at most `length` long) at `position` (0 start, 0.5 centre, 1 end), zeros around it.
  /// What is to be classified then gets a `NoiseFloor` throughout.
  package static func placed(_ clip: ArraySlice<Float>, in length: Int, position: Double = 0.5) -> [Float] {
    precondition(clip.count <= length, "a clip of \(clip.count) samples does not fit in \(length)")
    let start = Int((Double(length - clip.count) * position).rounded())
    var samples = [Float](repeating: 0, count: length)
    samples.replaceSubrange(start..<start + clip.count, with: clip)
    return samples
  }

  /// As `placed`, with a noise floor around the clip but not under it: for training, which draws floors of its own.
  package static func padded(_ clip: ArraySlice<Float>, to length: Int, position: Double = 0.5) -> [Float] {
    var samples = placed(clip, in: length, position: position)
    let start = Int((Double(length - clip.count) * position).rounded())
    var floor = NoiseFloor(peak: NoiseFloor.peak(of: clip))
    for index in samples.indices {
      let noise = floor.next(under: samples[index])
      if index < start || index >= start + clip.count { samples[index] = noise }
    }
    return samples
  }
}
