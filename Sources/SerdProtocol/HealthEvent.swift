/// How hearing fares. The latest is kept and given to every new client, but for an overrun, which is over when it is
/// told.
public struct HealthEvent: Codable, Equatable, Sendable {
  /// What is the matter, if anything.
  public enum Condition: String, CaseIterable, Codable, Sendable {
    /// Nothing: sound arrives and is usable.
    case listening
    /// No device delivers sound.
    case noDevice = "no-device"
    /// The device delivers flat samples.
    case noSignal = "no-signal"
    /// The gain is too high.
    case clipping
    /// Sound was lost, because this machine was too slow or asleep; hearing goes on.
    case overrun
  }
  /// What is the matter.
  public var condition: Condition
  /// In one line what is wrong and what to try; null if nothing is.
  @Nullable public var detail: String?
  /// Since when, or when it was.
  public var time: Timestamp
  /// How many seconds of sound are missing that this line reports; null if none.
  @Nullable public var gap: Double?

  /// All of it.
  public init(condition: Condition, detail: String? = nil, time: Timestamp, gap: Double? = nil) {
    self.condition = condition
    self.detail = detail
    self.time = time
    self.gap = gap.map(Rounded.seconds)
  }

  private enum CodingKeys: String, CodingKey {
    case condition, detail, time
    case gap = "gap_s"
  }
}
