import SerdConsole
import SerdProtocol

/// A history for other programs, in pieces, so that years of it take no memory: a row for every emotion and for every
/// piece of time.
package struct HistoryExport {
  /// How it is written.
  package enum Format: String, CaseIterable, Sendable {
    case csv
    case json

    var type: String { self == .csv ? "text/csv; charset=utf-8" : "application/json" }
  }

  private struct Row: Encodable {
    let type: String
    let start: String
    let end: String
    @Nullable var id: String?
    @Nullable var label: String?
    @Nullable var confidence: Double?
    @Nullable var level: Double?
    @Nullable var isEndHeard: Bool?

    init(_ emotion: HistoryStore.Emotion) {
      type = "emotion"
      start = Timestamp.rfc3339(emotion.start * 1_000_000)
      end = Timestamp.rfc3339(emotion.end * 1_000_000)
      id = emotion.id
      label = emotion.label
      confidence = emotion.confidence
      level = emotion.level
      isEndHeard = emotion.isEndHeard
    }

    init(_ span: HistoryStore.Span) {
      type = span.kind.name
      start = Timestamp.rfc3339(span.start * 1_000_000)
      end = Timestamp.rfc3339(span.end * 1_000_000)
      (id, label, confidence, level, isEndHeard) = (nil, nil, nil, nil, nil)
    }

    private enum CodingKeys: String, CodingKey {
      case type, start, end, id, label, confidence
      case level = "level_dbfs"
      case isEndHeard = "end_heard"
    }

    var csv: String {
      let numbers = [confidence, level].map { $0.map { "\($0)" } ?? "" }
      let fields = [type, start, end, id ?? "", label ?? ""] + numbers + [isEndHeard.map { "\($0)" } ?? ""]
      return fields.map(Self.quoted).joined(separator: ",") + "\r\n"
    }

    /// As RFC 4180 has it. A spreadsheet would compute what begins with one of four signs; a label is a model's word.
    private static func quoted(_ text: String) -> String {
      let text = "=+@".contains(text.first ?? " ") ? "'\(text)" : text
      guard text.contains(where: { "\",\r\n".contains($0) }) else { return text }
      return "\"\(text.replacing("\"", with: "\"\""))\""
    }
  }

  private enum State {
    case beginning
    case emotions(after: HistoryStore.Emotion?)
    case spans(from: Int64)
    case end
    case over
  }

  /// Rows of a piece.
  private static let rows = 1000
  /// What spans of one piece begin within, in milliseconds.
  private static let stretch: Int64 = 24 * 3_600_000

  private let store: HistoryStore
  private let format: Format
  private let (from, to): (Int64, Int64)
  private var state = State.beginning
  private var hasRow = false

  /// Of what was heard from a time to another, in milliseconds since 1970.
  package init(store: HistoryStore, format: Format, from: Int64, to: Int64) {
    self.store = store
    self.format = format
    (self.from, self.to) = (from, to)
  }

  /// The next piece; nil after the last.
  package mutating func next() throws(HistoryError) -> String? {
    switch state {
    case .beginning:
      state = .emotions(after: nil)
      return format == .json ? "[" : "type,start,end,id,label,confidence,level_dbfs,end_heard\r\n"
    case .emotions(let last):
      var rows: [HistoryStore.Emotion] = []
      try store.emotions(from: from, to: to, after: last, limit: Self.rows) { rows.append($0) }
      state = rows.isEmpty ? .spans(from: try store.beginning(from: from)) : .emotions(after: rows.last)
      return text(rows.map(Row.init))
    case .spans(let begin):
      guard begin < to else {
        state = .end
        return ""
      }
      let end = min(to, begin + Self.stretch)
      var rows: [HistoryStore.Span] = []
      // One that reaches into this stretch from the last was told there.
      try store.spans(from: begin, to: end) { if $0.start >= begin || begin == from { rows.append($0) } }
      state = .spans(from: try store.beginning(from: end))
      return text(rows.map(Row.init))
    case .end:
      state = .over
      return format == .json ? "\n]\n" : ""
    case .over: return nil
    }
  }

  private mutating func text(_ rows: [Row]) -> String {
    rows.map { row in
      defer { hasRow = true }
      return format == .csv ? row.csv : "\(hasRow ? ",\n" : "\n")\(row.jsonLine().dropLast())"
    }.joined()
  }
}
