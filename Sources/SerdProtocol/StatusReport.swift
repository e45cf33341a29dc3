/// The numbers of the daemon that only the daemon knows, for `status`.
public struct DaemonNumbers: Codable, Equatable, Sendable {
  /// When it started.
  public var started: Timestamp
  /// Windows so far.
  public var windows = 0
  /// Those of them with enough speech.
  public var speechWindows = 0
  /// Emotions begun so far, by label.
  public var emotions: [String: Int] = [:]
  /// The latest of them; null if there was none.
  @Nullable public var lastEmotion: EmotionEvent?
  /// How often sound was lost to an overrun.
  public var overruns = 0
  /// How often the device was opened again.
  public var reopens = 0
  /// Seconds of sound that are missing, all together: also what is being lost just now.
  public var gap = 0.0
  /// Seconds spent in the network, all windows together.
  public var inference = 0.0
  /// The constant offset of the samples, averaged over about 4 s, as a share of full scale. It is taken out before
  /// anything else is done. nil before sound was heard.
  public var offset: Double?

  /// Seconds of speech that the speaker is known by whom the model follows; nil if it follows nobody.
  public var speaker: Double?

  /// Nothing has happened yet.
  public init(started: Timestamp) {
    self.started = started
    lastEmotion = nil
  }

  private enum CodingKeys: String, CodingKey {
    case started, windows, emotions, overruns, reopens, offset, speaker
    case speechWindows = "speech_windows"
    case lastEmotion = "last_emotion"
    case gap = "gap_s"
    case inference = "inference_s"
  }
}

/// The answer to `status`.
public struct StatusReport: Codable, Equatable, Sendable {
  /// Now.
  public var time: Timestamp
  /// The retained state; null before the first.
  @Nullable public var state: StateEvent?
  /// The retained health; null before the first.
  @Nullable public var health: HealthEvent?
  /// What the daemon counts.
  public var daemon: DaemonNumbers
  /// What the event server counts.
  public var server: ServerStatistics

  /// All of it.
  public init(
    time: Timestamp, state: StateEvent?, health: HealthEvent?, daemon: DaemonNumbers, server: ServerStatistics
  ) {
    self.time = time
    self.state = state
    self.health = health
    self.daemon = daemon
    self.server = server
  }
}

/// What the event server counts, since it started unless said otherwise.
public struct ServerStatistics: Codable, Equatable, Sendable {
  /// Clients that are connected now.
  public var clients = 0
  /// Clients served so far.
  public var accepted = 0
  /// Clients turned away because there were too many.
  public var refused = 0
  /// Clients whose connection was ended because they did not read, or sent too much that is no command.
  public var dropped = 0
  /// Lines handed to clients' sockets or queues.
  public var lines = 0
  /// Lines that slow clients have missed.
  public var linesLost = 0
  /// Lines of clients that were refused.
  public var commandsRefused = 0

  /// Nothing has happened yet.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case clients, accepted, refused, dropped, lines
    case linesLost = "lines_lost"
    case commandsRefused = "commands_refused"
  }
}
