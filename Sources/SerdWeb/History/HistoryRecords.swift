extension HistoryStore {
  /// What a piece of time was like.
  package enum Kind: Int64, CaseIterable, Sendable {
    case silence = 0
    case speech = 1
    case muted = 2
    case unheard = 3

    /// As exports write it.
    package var name: String {
      switch self {
      case .silence: "silence"
      case .speech: "speech"
      case .muted: "muted"
      case .unheard: "not heard"
      }
    }
  }

  /// A piece of time.
  package struct Span: Equatable, Sendable {
    package var start: Int64
    package var end: Int64
    package var kind: Kind

    /// Times are milliseconds since 1970, UTC.
    package init(start: Int64, end: Int64, kind: Kind) {
      self.start = start
      self.end = end
      self.kind = kind
    }
  }

  /// An emotion. Its end grows while it goes on, so that one that was cut off has an end, too.
  package struct Emotion: Equatable, Sendable {
    package var id: String
    package var label: String
    package var start: Int64
    package var end: Int64
    package var confidence: Double?
    package var level: Double?
    /// Whether the daemon told of the end; if not, it went on at least so long.
    package var isEndHeard: Bool

    /// Times are milliseconds since 1970, UTC.
    package init(
      id: String, label: String, start: Int64, end: Int64, confidence: Double?, level: Double?, isEndHeard: Bool
    ) {
      self.id = id
      self.label = label
      self.start = start
      self.end = end
      self.confidence = confidence
      self.level = level
      self.isEndHeard = isEndHeard
    }
  }
}
