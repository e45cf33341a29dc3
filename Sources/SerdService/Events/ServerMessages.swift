import SerdNetwork

/// The first line on every connection: who is speaking, and what the labels mean.
package struct Hello: Codable, Equatable, Sendable {
  /// The version of the protocol. It grows only when old clients would misunderstand.
  package static let currentProtocol = 1

  /// The model in use.
  package struct Model: Codable, Equatable, Sendable {
    /// What the model is called.
    package var name: String
    /// Of the model file, in hexadecimal.
    package var sha256: String
    /// Corpora that it was trained on.
    package var corpora: [String]
    /// Terms that they put on its use.
    package var terms: String

    /// The parts.
    package init(name: String, sha256: String, corpora: [String], terms: String) {
      (self.name, self.sha256, self.corpora, self.terms) = (name, sha256, corpora, terms)
    }
  }

  /// `currentProtocol` of the daemon.
  package var protocolVersion: Int
  /// The daemon, as `serd --version` prints it.
  package var program: String
  /// The model in use, and what speech it knows.
  package var model: Model
  /// All emotions that can be told apart.
  package var labels: [String]
  /// Length of a window in seconds.
  package var window: Double
  /// Seconds from one window to the next.
  package var hop: Double

  /// What a daemon with this model says of itself; `hop` in seconds.
  package init(model: LoadedModel, hop: Double) {
    let description = model.model.description
    self.init(
      model: Model(
        name: description.name, sha256: model.sha256, corpora: description.provenance.corpora,
        terms: description.provenance.terms), labels: description.labels,
      window: description.windowSeconds, hop: hop)
  }

  /// The parts by themselves; lengths in seconds.
  package init(model: Model, labels: [String], window: Double, hop: Double) {
    protocolVersion = Self.currentProtocol
    program = Version.text
    self.model = model
    self.labels = labels
    self.window = Rounded.seconds(window)
    self.hop = Rounded.seconds(hop)
  }

  private enum CodingKeys: String, CodingKey {
    case program, model, labels
    case protocolVersion = "protocol"
    case window = "window_s"
    case hop = "hop_s"
  }
}

/// What a client that was too slow has missed.
package struct Lagged: Codable, Equatable, Sendable {
  /// How many lines were not sent.
  package var dropped: Int
}

/// Why a line of a client was not understood, or why it is not served.
package struct Refusal: Codable, Equatable, Sendable {
  /// What is wrong with it.
  package enum Code: String, Codable, Sendable {
    /// The line is no JSON object of the form `{"type": …, "data": {…}}`, or no UTF-8.
    case malformed
    /// The line is longer than allowed.
    case tooLong = "too-long"
    /// The daemon knows no such type.
    case unknownType = "unknown-type"
    /// Too many refused lines; the connection ends.
    case tooManyErrors = "too-many-errors"
    /// As many clients as are served are connected; the connection ends.
    case full
  }
  /// For programs.
  package var code: Code
  /// For people.
  package var message: String
}

/// Why the daemon ends the connection.
package struct Bye: Codable, Equatable, Sendable {
  /// `stopping`: the daemon was told to end.
  package var reason: String
}

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
