/// Watches samples for what no microphone in order delivers: nothing at all, or full scale again and again.
///
/// - Flat: for `flatPatience` all samples lay within `flatSpan`, a dead or muted microphone (the quietest room through
///   a working one has more noise). Usable again with the first slice that spans `usableSpan`.
/// - Clipping: a share of `clippingShare` of the last 2 s was at full scale. Usable again when of the last 5 s less
///   than `usableShare` was.
///
/// Some USB microphones deliver exact zeros until somebody speaks. A microphone that came back from being flat by
/// itself has such a gate, or a switch; so each time the patience doubles, up to a minute.
///
/// A pure value: time is counted in samples, and it does not matter how the signal is cut. It works on mono sound at
/// the device's rate, before the resampler rounds the corners off. Of mixed channels each can clip alone: whoever mixes
/// them counts that. It judges the wire, not whether somebody speaks.
package struct SignalMonitor {
  /// What the signal looks like now.
  package private(set) var condition = SignalCondition.normal
  /// How long the signal must be flat to be called so, in seconds.
  package private(set) var flatPatience: Double

  /// Everything is decided at the end of a slice; so many make a second.
  private static let slicesPerSecond = 10
  /// Samples of one slice.
  private let sliceLength: Int
  private var slice = Slice()
  /// How many slices in a row were flat, up to the last.
  private var flatSlices = 0
  /// Samples at full scale in each of the last slices, a ring.
  private var clipped = [Int](repeating: 0, count: SignalMonitor.unclippedSlices)
  private var slices = 0

  private struct Slice {
    var count = 0
    var clipped = 0
    var lowest = Float.infinity
    var highest = -Float.infinity
  }

  /// Less from the lowest to the highest sample of a slice is flat.
  private static let flatSpan = 20 * SampleRange.step
  /// What is flat stays so below this span.
  private static let usableSpan = 40 * SampleRange.step
  /// The longest that `flatPatience` becomes, in seconds.
  private static let longestPatience = 60.0
  /// This share of the samples in so many slices at full scale is clipping.
  private static let clippingShare = 0.005
  private static let clippingSlices = 2 * slicesPerSecond
  /// Below this share in so many slices it is over.
  private static let usableShare = 0.0005
  private static let unclippedSlices = 5 * slicesPerSecond

  /// A monitor for sound of this rate, in Hz. `flatPatience` is in seconds.
  package init(sampleRate: Int, flatPatience: Double = 3) {
    sliceLength = max(1, sampleRate / Self.slicesPerSecond)
    self.flatPatience = flatPatience
  }

  /// Looks at the next samples. Returns the condition if it changed. Cost: a few operations per sample, no allocation.
  ///
  /// - Parameter clipped: how many of them were at full scale in some channel before the channels were mixed, if they
  ///   were; they count for the time of the first.
  package mutating func observe(_ samples: UnsafeBufferPointer<Float>, clipped: Int? = nil) -> SignalCondition? {
    let before = condition
    slice.clipped += clipped ?? 0
    var rest = samples[...]
    while !rest.isEmpty {
      let part = rest.prefix(sliceLength - slice.count)
      for sample in part {
        slice.lowest = min(slice.lowest, sample)
        slice.highest = max(slice.highest, sample)
        if clipped == nil, abs(sample) >= SampleRange.fullScale { slice.clipped += 1 }
      }
      slice.count += part.count
      rest = rest.dropFirst(part.count)
      if slice.count == sliceLength { finishSlice() }
    }
    return condition == before ? nil : condition
  }

  private mutating func finishSlice() {
    let span = slice.highest - slice.lowest
    clipped[slices % clipped.count] = slice.clipped
    slices += 1
    slice = Slice()
    let isSpanSmall = span < (condition == .flat ? Self.usableSpan : Self.flatSpan)
    flatSlices = isSpanSmall ? flatSlices + 1 : 0
    switch condition {
    case .flat:
      guard !isSpanSmall else { return }
      condition = .normal
      flatPatience = min(max(flatPatience, Self.longestPatience), 2 * flatPatience)
    // The last is not seen in one channel, and told by others.
    case .normal, .cancelling:
      // Rounded to whole slices.
      if Double(flatSlices) + 0.5 > flatPatience * Double(Self.slicesPerSecond) {
        condition = .flat
      } else if clippedShare(in: Self.clippingSlices) >= Self.clippingShare {
        condition = .clipping
      }
    case .clipping:
      if clippedShare(in: Self.unclippedSlices) < Self.usableShare { condition = .normal }
    }
  }

  /// Share of the samples in the last slices that were at full scale.
  private func clippedShare(in count: Int) -> Double {
    var sum = 0
    for age in 1...count { sum += clipped[(slices + clipped.count - age) % clipped.count] }
    return Double(sum) / Double(count * sliceLength)
  }
}
