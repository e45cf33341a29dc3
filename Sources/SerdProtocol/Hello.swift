/// The first line on every connection: who is speaking, and what the labels mean.
public struct Hello: Codable, Equatable, Sendable {
  /// The version of the protocol. It grows only when old clients would misunderstand.
  public static let currentProtocol = 1

  /// The model in use.
  public struct Model: Codable, Equatable, Sendable {
    /// What the model is called.
    public var name: String
    /// Of the model file, in hexadecimal.
    public var sha256: String
    /// Corpora that it was trained on.
    public var corpora: [String]
    /// Terms that they put on its use.
    public var terms: String

    /// The parts.
    public init(name: String, sha256: String, corpora: [String], terms: String) {
      self.name = name
      self.sha256 = sha256
      self.corpora = corpora
      self.terms = terms
    }
  }

  /// `currentProtocol` of the daemon.
  public var protocolVersion: Int
  /// The daemon, as `serd --version` prints it.
  public var program: String
  /// The model in use, and what speech it knows.
  public var model: Model
  /// All emotions that can be told apart.
  public var labels: [String]
  /// Length of a window in seconds.
  public var window: Double
  /// Seconds from one window to the next.
  public var hop: Double

  /// What a daemon says of itself; lengths in seconds.
  public init(program: String, model: Model, labels: [String], window: Double, hop: Double) {
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
