/// Why the daemon ends the connection.
public struct Bye: Codable, Equatable, Sendable {
  /// `stopping`: the daemon was told to end.
  public var reason: String

  /// With this reason.
  public init(reason: String) { self.reason = reason }
}
