/// Makes one channel of several, slice by slice.
///
/// The mean of two channels of opposite phase, as of a balanced cable that was soldered as stereo, is silence. So each
/// slice is measured before it is mixed: where the channels are loud and their mean is not, the loudest is taken alone.
/// How sound is cut into slices decides on that; who wants the same result gives the same slices.
///
/// Allocates nothing but in `init`. Not for positions in a room: it forms no beam.
struct ChannelMixer {
  /// How long a slice is that a file is cut into, in seconds: the period of a sound card.
  static let sliceSeconds = 0.032

  private let choice: ChannelChoice
  private let channels: Int
  private let measuresAll: Bool
  /// Of the latest slice, by channel, without the constant part.
  private(set) var powers: [Float]
  /// Smoothed over about a second, for the choice of the loudest.
  private var smoothed: [Float]
  private var best = 0
  /// Slices for which one channel stays taken instead of the mean.
  private var held = 0
  /// Loud slices in which the mean cancelled, less those in which it did not.
  private var cancelled = 0
  /// Whether the channels cancel each other for a while already; the number of the one that is taken, from 1.
  private(set) var takenForCancelling: Int?

  /// Below -60 dBFS nothing is loud.
  private static let loud: Float = 1e-6
  /// The mean of unrelated channels has one part of their power in so many as there are. With a quarter of that they
  /// cancel.
  private static let cancellingShare: Float = 0.25
  /// A second.
  private static let hold = 31
  /// After half a second of it, it is told.
  private static let told = 16
  private static let mostCancelled = 62
  /// Another channel is better when it has twice the power.
  private static let better: Float = 2
  private static let smoothing: Float = 1 / 31

  /// - Parameters:
  ///   - choice: must exist among so many channels.
  ///   - measuresAll: whether `powers` is wanted where the mixing does not need it.
  init(_ choice: ChannelChoice, channels: Int, measuresAll: Bool = false) {
    precondition(choice.exists(among: channels), "channel \(choice) of \(channels)")
    self.choice = choice
    self.channels = channels
    self.measuresAll = measuresAll
    powers = Array(repeating: 0, count: channels)
    smoothed = powers
  }

  /// Mixes a slice of interleaved frames. Returns in how many of them a channel that is used was at full scale, which a
  /// mean no longer shows.
  mutating func mix(
    _ frames: UnsafeBufferPointer<Float>, into mono: UnsafeMutablePointer<Float>
  ) -> Int {
    let count = frames.count / channels
    if measuresAll, choice != .mean || channels == 1 { measure(frames, count) }
    switch choice {
    case .only(let number):
      return take(number - 1, of: frames, count, into: mono)
    case .mean where channels == 1:
      return take(0, of: frames, count, into: mono)
    case .mean where channels == 2:
      let slice = StereoSlice(frames)
      let measured = slice.powers
      powers[0] = measured.left
      powers[1] = measured.right
      watch(measured.mean)
      return held > 0 ? take(best, of: frames, count, into: mono) : slice.average(into: mono)
    case .mean:
      measure(frames, count)
      watch(meanPower(frames, count))
      return held > 0 ? take(best, of: frames, count, into: mono) : average(frames, count, into: mono)
    case .best:
      measure(frames, count)
      choose()
      return take(best, of: frames, count, into: mono)
    }
  }

  private mutating func measure(_ frames: UnsafeBufferPointer<Float>, _ count: Int) {
    for channel in 0..<channels {
      powers[channel] = ChannelMixer.power(count) { frames[$0 * channels + channel] }
    }
  }

  private func meanPower(_ frames: UnsafeBufferPointer<Float>, _ count: Int) -> Float {
    ChannelMixer.power(count) { frame in
      var sum: Float = 0
      for channel in 0..<channels { sum += frames[frame * channels + channel] }
      return sum / Float(channels)
    }
  }

  /// Mean square of what is not constant.
  @inline(__always)
  private static func power(_ count: Int, _ sample: (Int) -> Float) -> Float {
    guard count > 0 else { return 0 }
    var sum: Float = 0
    for frame in 0..<count { sum += sample(frame) }
    let constant = sum / Float(count)
    var squares: Float = 0
    for frame in 0..<count {
      let value = sample(frame) - constant
      squares += value * value
    }
    return squares / Float(count)
  }

  /// Sees whether the mean of this slice is lost.
  private mutating func watch(_ meanPower: Float) {
    held = max(0, held - 1)
    var sum: Float = 0
    for power in powers { sum += power }
    let power = sum / Float(channels)
    guard power > ChannelMixer.loud else { return }
    if meanPower * Float(channels) < ChannelMixer.cancellingShare * power {
      if held == 0 { best = loudest(of: powers) }
      held = ChannelMixer.hold
      cancelled = min(ChannelMixer.mostCancelled, cancelled + 1)
    } else {
      cancelled = max(0, cancelled - 1)
    }
    if cancelled >= ChannelMixer.told { takenForCancelling = best + 1 }
    if cancelled == 0 { takenForCancelling = nil }
  }

  /// Keeps to the loudest channel.
  private mutating func choose() {
    let isFirst = smoothed.allSatisfy { $0 == 0 }
    for channel in 0..<channels {
      smoothed[channel] += (powers[channel] - smoothed[channel]) * (isFirst ? 1 : ChannelMixer.smoothing)
    }
    let loudest = loudest(of: smoothed)
    if isFirst || smoothed[loudest] > ChannelMixer.better * smoothed[best] { best = loudest }
  }

  private func loudest(of powers: [Float]) -> Int {
    var loudest = 0
    for channel in 1..<channels where powers[channel] > powers[loudest] { loudest = channel }
    return loudest
  }

  private func take(
    _ channel: Int, of frames: UnsafeBufferPointer<Float>, _ count: Int, into mono: UnsafeMutablePointer<Float>
  ) -> Int {
    var clipped = 0
    for frame in 0..<count {
      let value = frames[frame * channels + channel]
      mono[frame] = value
      if abs(value) >= SampleRange.fullScale { clipped += 1 }
    }
    return clipped
  }

  private func average(
    _ frames: UnsafeBufferPointer<Float>, _ count: Int, into mono: UnsafeMutablePointer<Float>
  ) -> Int {
    var clipped = 0
    for frame in 0..<count {
      var sum: Float = 0
      var peak: Float = 0
      for channel in 0..<channels {
        let value = frames[frame * channels + channel]
        sum += value
        peak = max(peak, abs(value))
      }
      mono[frame] = sum / Float(channels)
      if peak >= SampleRange.fullScale { clipped += 1 }
    }
    return clipped
  }
}
