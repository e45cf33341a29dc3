import Synchronization

/// How loud each channel of a microphone is, for who wants to see it.
///
/// Written by the capture thread, read by another. Not for the daemon, whose capture thread takes no lock.
package final class ChannelLevels: Sendable {
  private let sums = Mutex<(powers: [Double], slices: Int)>(([], 0))

  /// Nothing heard yet.
  package init() {}

  /// Adds the mean squares of a slice, by channel.
  func note(_ powers: [Float]) {
    sums.withLock { sums in
      if sums.powers.count != powers.count { sums = (Array(repeating: 0, count: powers.count), 0) }
      for (channel, power) in powers.enumerated() { sums.powers[channel] += Double(power) }
      sums.slices += 1
    }
  }

  /// The mean squares, by channel, of what came since the last call; nil if nothing did.
  package func take() -> [Double]? {
    sums.withLock { sums in
      guard sums.slices > 0 else { return nil }
      let means = sums.powers.map { $0 / Double(sums.slices) }
      sums = (Array(repeating: 0, count: sums.powers.count), 0)
      return means
    }
  }
}
