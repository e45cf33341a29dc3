/// Why the daemon ends the connection.
package struct Bye: Codable, Equatable, Sendable {
  /// `stopping`: the daemon was told to end.
  package var reason: String

  /// With this reason.
  package init(reason: String) { self.reason = reason }
}
