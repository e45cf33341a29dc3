import SerdProtocol

/// Names of emotion events, unlike any of earlier runs of the daemon as long as the machine's clock goes forward:
/// the time of the start in seconds, in hexadecimal, and a count.
package struct EmotionIDs: Sendable {
  private let run: String
  private var count = 0

  /// Names for a daemon that starts now.
  package init(clock: EventClock) {
    run = String(max(0, clock.realtime()) / 1_000_000_000, radix: 16)
  }

  /// The next name.
  package mutating func next() -> String {
    count += 1
    return "\(run)-\(count)"
  }
}
