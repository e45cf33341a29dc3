/// What a client that was too slow has missed.
package struct Lagged: Codable, Equatable, Sendable {
  /// How many lines were not sent.
  package var dropped: Int

  /// So many.
  package init(dropped: Int) { self.dropped = dropped }
}
