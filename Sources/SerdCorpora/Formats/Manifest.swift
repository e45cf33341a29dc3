import Foundation

/// Any corpus, described by a CSV file: the header `path,label,speaker` or `path,label,speaker,text` in any order, then
/// a row per recording. Paths are relative to the file. Labels are sorted by name.
package enum Manifest {
  private static let needed = ["path", "label", "speaker"]

  /// Reads a manifest, or `manifest.csv` in a folder.
  ///
  /// - Throws: `CorpusError` with the line of the first row that cannot be understood, or that contradicts one before
  ///   it. A row that repeats one is left out and listed. Whether the files are there is found when they are read, as
  ///   for every corpus.
  package static func read(path: String) throws(CorpusError) -> Corpus {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let file = isFolder.boolValue ? path + "/manifest.csv" : path
    guard exists, let data = FileManager.default.contents(atPath: file) else {
      throw CorpusError(
        .noInput, "there is no manifest \(file)", advice: "give a CSV file with path,label,speaker")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw CorpusError("the manifest \(file) is not UTF-8", advice: "save it as UTF-8")
    }
    // Some spreadsheets begin a file with a byte-order mark.
    let rows = try Self.rows(of: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text, file: file)
    return try corpus(rows: rows, file: file)
  }

  private struct Row {
    let line: Int
    let path, label, speaker, text: String
  }

  private static func rows(of text: String, file: String) throws(CorpusError) -> [Row] {
    func failure(_ line: Int, _ problem: String, _ advice: String) -> CorpusError {
      CorpusError(at: "\(file):\(line)", problem, advice: advice)
    }
    let table: [CSV.Row]
    do { table = try CSV.rows(text) } catch {
      throw failure(error.line, error.problem, "write \"\" for a quote in quotes")
    }
    let form = "the first line must be path,label,speaker or path,label,speaker,text"
    guard let header = table.first else { throw failure(1, "the manifest is empty", form) }
    let columns = header.fields.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    if let missing = needed.first(where: { !columns.contains($0) }) {
      throw failure(header.line, "there is no column \"\(missing)\"", form)
    }
    if let unknown = columns.first(where: { !needed.contains($0) && $0 != "text" }) {
      throw failure(header.line, "there is a column \"\(unknown)\"", form)
    }
    guard Set(columns).count == columns.count else { throw failure(header.line, "a column is named twice", form) }
    var rows: [Row] = []
    for row in table.dropFirst() {
      guard row.fields.count == columns.count else {
        throw failure(
          row.line, "\(row.fields.count) fields instead of \(columns.count)", "quote fields that hold a comma")
      }
      func field(_ name: String) -> String {
        columns.firstIndex(of: name).map { row.fields[$0].trimmingCharacters(in: .whitespaces) } ?? ""
      }
      if let empty = needed.first(where: { field($0).isEmpty }) {
        throw failure(row.line, "the \(empty) is empty", "fill it in, or delete the line")
      }
      rows.append(
        Row(
          line: row.line, path: field("path"), label: field("label"), speaker: field("speaker"), text: field("text")))
    }
    return rows
  }

  private static func corpus(rows: [Row], file: String) throws(CorpusError) -> Corpus {
    let base = (file as NSString).deletingLastPathComponent
    let labels = Array(Set(rows.map(\.label))).sorted()
    var recordings: [Recording] = []
    var leftOut: [LeftOut] = []
    var known: [String: Row] = [:]
    for row in rows {
      let path = row.path.hasPrefix("/") ? row.path : (base.isEmpty ? "" : base + "/") + row.path
      if let first = known[path] {
        guard (first.label, first.speaker, first.text) == (row.label, row.speaker, row.text) else {
          throw CorpusError(
            at: "\(file):\(row.line)", "\(row.path) has another label, speaker or text in line \(first.line)",
            advice: "delete one of them")
        }
        leftOut.append(LeftOut("\(file):\(row.line): \(row.path)", "named before"))
        continue
      }
      known[path] = row
      recordings.append(
        Recording(
          path: path, label: labels.firstIndex(of: row.label)!, speaker: row.speaker, text: row.text, name: row.path))
    }
    guard !recordings.isEmpty else {
      throw CorpusError("\(file) has no rows", advice: "write a row per recording below the first line")
    }
    guard recordings.contains(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
      throw CorpusError(
        "no recording of the manifest \(file) is there", advice: "write paths relative to the manifest's folder")
    }
    guard labels.count > 1 else {
      throw CorpusError("all rows of \(file) have one label", advice: "give recordings of two labels or more")
    }
    return Corpus(
      name: CorpusFolder.stem(file) == "manifest" ? (base as NSString).lastPathComponent : CorpusFolder.stem(file),
      labels: labels, recordings: recordings, leftOut: leftOut,
      terms: "those of the recordings that \(CorpusFolder.stem(file)).csv names")
  }
}
