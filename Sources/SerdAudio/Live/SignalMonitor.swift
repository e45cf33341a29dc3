/// Watches samples for what no microphone in order delivers: nothing at all, or full scale again and again.
///
/// - Flat: for `flatPatience` all samples lay within 20 steps of 16-bit sound, a dead or muted microphone (the quietest room
///   through a working one has more noise). Usable again with the first 0.1 s that spans 40 steps.
/// - Clipping: 0.5 % of the samples of the last 2 s were at full scale. Usable again when of the last 5 s less than 0.05 % were.
///
/// Some USB microphones deliver exact zeros until somebody speaks. Whoever came back from being flat by himself has such a
/// gate, or a switch; so each time the patience doubles, up to a minute.
///
/// A pure value: time is counted in samples, and it does not matter how the signal is cut. It works on mono sound at the
/// device's rate, before the resampler rounds the corners off. Of mixed channels each can clip alone: whoever mixes them counts that.
/// It judges the wire, not whether somebody speaks.
package struct SignalMonitor {
  /// What the signal looks like now.
  package private(set) var condition = SignalCondition.normal
  /// How long the signal must be flat to be called so, in seconds.
  package private(set) var flatPatience: Double

  /// Samples of one slice, 0.1 s; everything is decided at the end of a slice.
  private let sliceLength: Int
  private var slice = Slice()
  /// Seconds that the signal has been flat for, up to the end of the last slice.
  private var flatSeconds = 0.0
  /// Samples at full scale in each of the last 50 slices, a ring.
  private var clipped = [Int](repeating: 0, count: 50)
  private var slices = 0

  private struct Slice {
    var count = 0
    var clipped = 0
    var lowest = Float.infinity
    var highest = -Float.infinity
  }

  private static let step: Float = 1 / 32768
  /// From here on a sample is at full scale: the largest value of 16 bits is one step below 1.
  static let fullScale: Float = 1 - 2 * step
  private static let longestPatience = 60.0

  /// A monitor for sound of this rate, in Hz. `flatPatience` is in seconds.
  package init(sampleRate: Int, flatPatience: Double = 3) {
    sliceLength = max(1, sampleRate / 10)
    self.flatPatience = flatPatience
  }

  /// Looks at the next samples. Returns the condition if it changed. Cost: a few operations per sample, no allocation.
  ///
  /// - Parameter clipped: how many of them were at full scale in some channel before the channels were mixed, if they were; they count
  ///   for the time of the first.
  package mutating func observe(_ samples: UnsafeBufferPointer<Float>, clipped: Int? = nil) -> SignalCondition? {
    let before = condition
    slice.clipped += clipped ?? 0
    var rest = samples[...]
    while !rest.isEmpty {
      let part = rest.prefix(sliceLength - slice.count)
      for sample in part {
        slice.lowest = min(slice.lowest, sample)
        slice.highest = max(slice.highest, sample)
        if clipped == nil, abs(sample) >= SignalMonitor.fullScale { slice.clipped += 1 }
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
    let isSpanSmall = span < (condition == .flat ? 40 : 20) * SignalMonitor.step
    flatSeconds = isSpanSmall ? flatSeconds + 0.1 : 0
    switch condition {
    case .flat:
      guard !isSpanSmall else { return }
      condition = .normal
      flatPatience = min(max(flatPatience, SignalMonitor.longestPatience), 2 * flatPatience)
    case .normal:
      // Half a slice less, as the sum of tenths is not exact.
      if flatSeconds > flatPatience - 0.05 {
        condition = .flat
      } else if Double(clippedSamples(in: 20)) >= 0.005 * Double(20 * sliceLength) {
        condition = .clipping
      }
    case .clipping:
      if Double(clippedSamples(in: 50)) < 0.0005 * Double(50 * sliceLength) { condition = .normal }
    }
  }

  /// Samples at full scale in the last slices.
  private func clippedSamples(in count: Int) -> Int {
    var sum = 0
    for age in 1...count { sum += clipped[(slices + clipped.count - age) % clipped.count] }
    return sum
  }
}
