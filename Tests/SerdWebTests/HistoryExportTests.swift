import Foundation
import SerdTestKit
import SerdWeb
import Testing

/// What other programs, and the page, get of a history.
@Suite struct HistoryExportTests {
  private static let epoch: Int64 = 1_800_000_000_000
  private let folder: ScratchFolder
  private let store: HistoryStore

  init() throws {
    folder = try ScratchFolder()
    store = try HistoryStore(path: "\(folder.path)/history.sqlite")
  }

  private func put(_ id: String, _ label: String, _ start: Int64, _ end: Int64, isEndHeard: Bool = true) throws {
    try store.put(
      HistoryStore.Emotion(
        id: id, label: label, start: Self.epoch + start, end: Self.epoch + end, confidence: 0.75, level: -21.5,
        isEndHeard: isEndHeard))
  }

  private func put(_ kind: HistoryStore.Kind, _ start: Int64, _ end: Int64) throws {
    _ = try store.begin(HistoryStore.Span(start: Self.epoch + start, end: Self.epoch + end, kind: kind))
  }

  private func text(_ format: HistoryExport.Format, from: Int64 = 0, to: Int64 = .max / 2) throws -> String {
    var export = HistoryExport(store: store, format: format, from: from, to: to)
    var text = ""
    while let piece = try export.next() { text += piece }
    return text
  }

  @Test("CSV has a row for every emotion and every piece of time, quoted as spreadsheets expect")
  func csv() throws {
    try put("1-1", "anger, \"hot\"", 0, 2500)
    try put("1-2", "=1+1", 3000, 4000, isEndHeard: false)
    try put(.speech, 0, 5000)
    #expect(
      try text(.csv).split(separator: "\r\n") == [
        "type,start,end,id,label,confidence,level_dbfs,end_heard",
        "emotion,2027-01-15T08:00:00.000Z,2027-01-15T08:00:02.500Z,1-1,\"anger, \"\"hot\"\"\",0.75,-21.5,true",
        "emotion,2027-01-15T08:00:03.000Z,2027-01-15T08:00:04.000Z,1-2,'=1+1,0.75,-21.5,false",
        "speech,2027-01-15T08:00:00.000Z,2027-01-15T08:00:05.000Z,,,,,",
      ])
  }

  @Test("JSON is an array of the same rows, also of an empty history")
  func json() throws {
    #expect(try text(.json) == "[\n]\n")
    try put("1-1", "anger", 0, 2500)
    try put(.muted, 0, 5000)
    let rows = try #require(JSONSerialization.jsonObject(with: Data(text(.json).utf8)) as? [[String: Any]])
    #expect(rows.count == 2 && rows[0]["label"] as? String == "anger" && rows[0]["end_heard"] as? Bool == true)
    #expect(rows[1]["type"] as? String == "muted" && rows[1]["label"] is NSNull)
  }

  @Test("Nothing is told twice and nothing is left out, over many pieces, years apart, at any cut")
  func pieces() throws {
    let day: Int64 = 86_400_000
    try store.together { () throws(HistoryError) in
      for index in 0..<2500 {
        let start = Self.epoch + Int64(index / 2)
        try store.put(
          HistoryStore.Emotion(
            id: "\(index)", label: "a", start: start, end: start, confidence: nil, level: nil, isEndHeard: true))
      }
    }
    let times = [0, 1000, day - 500, day, 30 * day, 900 * day]
    for start in times { try put(.speech, start, start + 1000) }
    let lines = try text(.csv).split(separator: "\r\n")
    #expect(lines.count == 1 + 2500 + times.count && Set(lines).count == lines.count)
    let cut = try text(.csv, from: Self.epoch + day, to: Self.epoch + 40 * day).split(separator: "\r\n")
    #expect(cut.count == 1 + 3)
  }

  @Test("A day is answered with all that reaches into it; labels are told once")
  func range() throws {
    try put("1-1", "anger", -1000, 500)
    try put("1-2", "fear", 600, 700, isEndHeard: false)
    try put("1-3", "anger", 5000, 6000)
    try put(.silence, -2000, 100)
    try put(.speech, 100, 900)
    let e = Self.epoch
    #expect(
      try HistoryAnswers(store: store).range(from: e, to: e + 1000)
        == """
        {"labels":["anger","fear"],"spans":[[\(e - 2000),\(e + 100),0],[\(e + 100),\(e + 900),1]],\
        "emotions":[[\(e - 1000),\(e + 500),0,0.75,1],[\(e + 600),\(e + 700),1,0.75,0]]}
        """)
  }

  @Test("Quarters of an hour add up what was heard, what was speech, and each emotion")
  func slots() throws {
    let quarter: Int64 = 900_000
    try put(.silence, 0, quarter + 100_000)
    try put(.speech, quarter + 100_000, 2 * quarter + 50_000)
    try put(.muted, 3 * quarter, 4 * quarter)
    try put("1-1", "anger", 2 * quarter - 10_000, 2 * quarter + 20_000)
    let e = Self.epoch
    #expect(
      try HistoryAnswers(store: store).slots(from: e, to: e + 4 * quarter)
        == """
        {"labels":["anger"],"slots":[[\(e),900,0,[]],[\(e + quarter),900,800,[[0,10]]],\
        [\(e + 2 * quarter),50,50,[[0,20]]]]}
        """)
  }

  @Test("Days of the machine's time zone are days of the calendar")
  func days() {
    #expect(LocalDay("2026-03-01") != nil)
    for text in ["", "2026-02-30", "2026-13-01", "2026-3-1", "26-03-01", "2026-03-01T00:00", "today"] {
      #expect(LocalDay(text) == nil, "\(text)")
    }
  }
}
