/// The numbers of the daemon that only the daemon knows, for `status`.
package struct DaemonNumbers: Codable, Equatable, Sendable {
  /// When it started.
  package var started: Timestamp
  /// Windows so far.
  package var windows = 0
  /// Those of them with enough speech.
  package var speechWindows = 0
  /// Emotions begun so far, by label.
  package var emotions: [String: Int] = [:]
  /// The latest of them; null if there was none.
  @Nullable package var lastEmotion: EmotionEvent?
  /// How often sound was lost to an overrun.
  package var overruns = 0
  /// How often the device was opened again.
  package var reopens = 0
  /// Seconds of sound that are missing, all together.
  package var gap = 0.0
  /// Seconds spent in the network, all windows together.
  package var inference = 0.0

  /// Nothing has happened yet.
  package init(started: Timestamp) {
    self.started = started
    lastEmotion = nil
  }

  private enum CodingKeys: String, CodingKey {
    case started, windows, emotions, overruns, reopens
    case speechWindows = "speech_windows"
    case lastEmotion = "last_emotion"
    case gap = "gap_s"
    case inference = "inference_s"
  }
}

/// The answer to `status`.
package struct StatusReport: Codable, Equatable, Sendable {
  /// Now.
  package var time: Timestamp
  /// The retained state; null before the first.
  @Nullable package var state: StateEvent?
  /// The retained health; null before the first.
  @Nullable package var health: HealthEvent?
  /// What the daemon counts.
  package var daemon: DaemonNumbers
  /// What the event server counts.
  package var server: ServerStatistics

  /// All of it.
  package init(
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
package struct ServerStatistics: Codable, Equatable, Sendable {
  /// Clients that are connected now.
  package var clients = 0
  /// Clients served so far.
  package var accepted = 0
  /// Clients turned away because there were too many.
  package var refused = 0
  /// Clients whose connection was ended because they did not read, or sent too much that is no command.
  package var dropped = 0
  /// Lines handed to clients' sockets or queues.
  package var lines = 0
  /// Lines that slow clients have missed.
  package var linesLost = 0
  /// Lines of clients that were refused.
  package var commandsRefused = 0

  /// Nothing has happened yet.
  package init() {}

  private enum CodingKeys: String, CodingKey {
    case clients, accepted, refused, dropped, lines
    case linesLost = "lines_lost"
    case commandsRefused = "commands_refused"
  }
}
