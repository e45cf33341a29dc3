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
      self.name = name
      self.sha256 = sha256
      self.corpora = corpora
      self.terms = terms
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

  /// What a daemon says of itself; lengths in seconds.
  package init(program: String, model: Model, labels: [String], window: Double, hop: Double) {
    protocolVersion = Self.currentProtocol
    self.program = program
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
