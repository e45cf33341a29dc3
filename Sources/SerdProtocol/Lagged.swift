/// What a client that was too slow has missed.
public struct Lagged: Codable, Equatable, Sendable {
  /// How many lines were not sent.
  public var dropped: Int

  /// So many.
  public init(dropped: Int) { self.dropped = dropped }
}
