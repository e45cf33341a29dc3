/// What the daemon does at present. The latest is kept and given to every new client.
public struct StateEvent: Codable, Equatable, Sendable {
  /// What the daemon is up to.
  public enum Activity: String, Codable, Sendable {
    /// It hears and analyses.
    case listening
    /// It would, but no device delivers sound.
    case waiting
    /// It was told not to analyse.
    case muted
  }

  /// The microphone.
  public struct Device: Codable, Equatable, Sendable {
    /// As configured. What the system calls devices may hold any bytes; those that are no UTF-8 were replaced.
    public var name: String
    /// `capturing`, or what is in the way: `missing`, `busy`, `denied`, `lost`, `silent`,
    /// `unsuitable`, `clockless`, `failed`.
    public var condition: String
    /// What is wrong and what to try, in one line; null while capturing.
    @Nullable public var reason: String?

    /// A device that captures (`reason` nil), or is waited for.
    public init(name: String, condition: String, reason: String?) {
      self.name = name
      self.condition = condition
      self.reason = reason
    }

    /// The condition of a device that sound arrives from.
    public static let capturing = "capturing"

    /// Sound arrives from it.
    public var isCapturing: Bool { condition == Self.capturing }
  }

  /// The emotion that is present.
  public struct Emotion: Codable, Equatable, Sendable {
    /// One of `hello`'s labels, or `uncertain`: speech, but none of the labels is clear.
    public var label: String
    /// That of the `emotion` event; null for `uncertain`.
    @Nullable public var id: String?
    /// Since when.
    public var since: Timestamp

    /// The label of speech without a clear emotion.
    public static let uncertain = "uncertain"

    /// An emotion that is there since `since`.
    public init(label: String, id: String?, since: Timestamp) {
      self.label = label
      self.id = id
      self.since = since
    }
  }

  /// Listening, waiting or muted.
  public var activity: Activity
  /// Since when it is.
  public var since: Timestamp
  /// What is listened to.
  public var device: Device
  /// Whether the latest window holds enough speech to be classified.
  public var isGateOpen: Bool
  /// The present emotion; null without speech.
  @Nullable public var emotion: Emotion?
  /// The latest level in dBFS. It may change without a new line: a state that differs in nothing else is kept, not
  /// sent.
  public var level: Double

  /// All of it; the level is rounded for output.
  public init(
    activity: Activity, since: Timestamp, device: Device, isGateOpen: Bool, emotion: Emotion? = nil,
    level: Double
  ) {
    self.activity = activity
    self.since = since
    self.device = device
    self.isGateOpen = isGateOpen
    self.emotion = emotion
    self.level = Rounded.level(level)
  }

  /// Whether they differ in more than the level.
  package func differs(from other: StateEvent?) -> Bool {
    guard var other else { return true }
    other.level = level
    return other != self
  }

  private enum CodingKeys: String, CodingKey {
    case activity, since, device, emotion
    case isGateOpen = "gate_open"
    case level = "level_dbfs"
  }
}
