/// Sees whether a device delivers sound faster than it can be: one without a clock, as ALSA's `null`, always has more.
///
/// A pure value. Not for a device that is a little fast: that is the resampler's, or nobody's.
package struct SourceClock {
  private let sampleRate: Int
  private var start: Int64
  private var frames = 0

  /// Beyond this many times the speed of sound nothing is a microphone.
  private static let fastest = 1.5
  /// What may have waited in buffers, of the card and of a sound server, in seconds.
  private static let buffered = 2.0
  /// Then it begins anew, so that a pause does not excuse what follows it. In nanoseconds.
  private static let longest: Int64 = 60_000_000_000

  /// - Parameter now: when capturing started, in nanoseconds of the monotonic clock.
  package init(sampleRate: Int, now: Int64) {
    self.sampleRate = sampleRate
    start = now
  }

  /// Counts what was delivered by `now`; returns whether that is more than there can be.
  package mutating func isTooFast(_ delivered: Int, now: Int64) -> Bool {
    if now - start > Self.longest { (start, frames) = (now, 0) }
    frames += delivered
    let elapsed = Double(now - start) / 1e9
    return Double(frames) / Double(sampleRate) > Self.fastest * elapsed + Self.buffered
  }
}
