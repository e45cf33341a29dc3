/// Which of several channels is listened to.
package enum ChannelChoice: Equatable, Sendable, CustomStringConvertible {
  /// Their mean; one alone where they cancel each other.
  case mean
  /// The loudest.
  case best
  /// This one, counted from 1.
  case only(Int)

  /// The most channels that are numbered.
  package static let largest = 1024
  /// What `init(_:)` takes, in words.
  package static let expected = "mean, best, or the number of a channel from 1 on"

  /// From its text: `mean`, `best` or a number.
  package init?(_ text: String) {
    switch text {
    case "mean": self = .mean
    case "best": self = .best
    default:
      guard let number = Int(text), (1...ChannelChoice.largest).contains(number) else { return nil }
      self = .only(number)
    }
  }

  /// As `init(_:)` reads it.
  package var description: String {
    switch self {
    case .mean: "mean"
    case .best: "best"
    case .only(let number): "\(number)"
    }
  }

  /// Whether so many channels have it.
  func exists(among channels: Int) -> Bool {
    if case .only(let number) = self { number <= channels } else { true }
  }
}
