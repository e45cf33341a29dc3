import FoundationEssentials
import SerdConsole
import SerdProtocol

/// What the page asks of a history, as JSON in as few letters as possible: a day has thousands of pieces.
package struct HistoryAnswers {
  /// Most emotions of one answer.
  static let most = 50_000
  /// The length of a piece that the page puts into hours of its own time zone, in milliseconds: no zone's offset has
  /// smaller parts.
  static let slot: Int64 = 900_000
  /// The longest time that is added up.
  static let longest: Int64 = 400 * 24 * 3_600_000

  private struct Slot {
    var heard: Int64 = 0
    var speech: Int64 = 0
    var emotions: [Int: Int64] = [:]
  }

  private let store: HistoryStore

  package init(store: HistoryStore) { self.store = store }

  /// All of a time: `{"labels":[…],"spans":[[start,end,kind],…],"emotions":[[start,end,label,confidence,heard],…]}`;
  /// a label is its place in `labels`.
  package func range(from: Int64, to: Int64) throws(HistoryError) -> String {
    var labels = Labels()
    var spans: [String] = []
    var emotions: [String] = []
    try store.spans(from: from, to: to) { spans.append("[\($0.start),\($0.end),\($0.kind.rawValue)]") }
    try store.emotions(from: from, to: to, limit: Self.most) {
      let confidence = $0.confidence.map { "\($0)" } ?? "null"
      emotions.append("[\($0.start),\($0.end),\(labels.number(of: $0.label)),\(confidence),\($0.isEndHeard ? 1 : 0)]")
    }
    return """
      {"labels":\(labels.json),"spans":[\(spans.joined(separator: ","))],"emotions":[\(emotions.joined(separator: ","))]}
      """
  }

  /// A time added up by quarters of an hour, in seconds:
  /// `{"labels":[…],"slots":[[start,heard,speech,[[label,seconds],…]],…]}`.
  package func slots(from: Int64, to: Int64) throws(HistoryError) -> String {
    let from = max(from, to - Self.longest)
    var labels = Labels()
    var slots: [Int64: Slot] = [:]
    func add(_ start: Int64, _ end: Int64, _ change: (inout Slot, Int64) -> Void) {
      var start = max(start, from)
      let end = min(end, to)
      while start < end {
        let index = start / Self.slot
        let next = min(end, (index + 1) * Self.slot)
        change(&slots[index, default: Slot()], next - start)
        start = next
      }
    }
    try store.spans(from: from, to: to) { span in
      guard span.kind == .speech || span.kind == .silence else { return }
      add(span.start, span.end) {
        $0.heard += $1
        if span.kind == .speech { $0.speech += $1 }
      }
    }
    try store.emotions(from: from, to: to, limit: .max) { emotion in
      let label = labels.number(of: emotion.label)
      add(emotion.start, emotion.end) { $0.emotions[label, default: 0] += $1 }
    }
    let lines = slots.sorted { $0.key < $1.key }.map { index, slot in
      let emotions = slot.emotions.sorted { $0.key < $1.key }.map { "[\($0.key),\($0.value / 1000)]" }
      return "[\(index * Self.slot),\(slot.heard / 1000),\(slot.speech / 1000),[\(emotions.joined(separator: ","))]]"
    }
    return "{\"labels\":\(labels.json),\"slots\":[\(lines.joined(separator: ","))]}"
  }

  /// Labels by their place in a list.
  private struct Labels {
    private var names: [String] = []
    private var numbers: [String: Int] = [:]

    mutating func number(of name: String) -> Int {
      if let number = numbers[name] { return number }
      numbers[name] = names.count
      names.append(name)
      return names.count - 1
    }

    var json: String { String(names.jsonLine().dropLast()) }
  }
}
