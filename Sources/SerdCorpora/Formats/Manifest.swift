import Foundation

/// Any corpus, described by a CSV file: the header `path,label,speaker` in any order, perhaps with `text` and `votes`,
/// then a row per recording. Paths are relative to the file. Votes are what listeners said, as in `anger:7 neutral:3`.
/// Labels are sorted by name. Semicolons and tabs separate as well as commas, and it may be UTF-16: spreadsheets write
/// both.
package enum Manifest {
  private static let needed = ["path", "label", "speaker"]
  /// All columns that can be there.
  static let columns = needed + ["text", "votes"]

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
    let rows = try Self.rows(of: ManifestTable(data, file: file), file: file)
    return try corpus(rows: rows, file: file)
  }

  private struct Row {
    let line: Int
    let path, label, speaker, text, votes: String
  }

  private static func rows(of manifest: ManifestTable, file: String) throws(CorpusError) -> [Row] {
    func failure(_ line: Int, _ problem: String, _ advice: String) -> CorpusError {
      CorpusError(at: "\(file):\(line)", problem, advice: advice)
    }
    let form = "the first line must be path,label,speaker, perhaps with text and votes"
    guard let header = manifest.rows.first else { throw failure(1, "the manifest is empty", form) }
    let columns = header.fields.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    if let missing = needed.first(where: { !columns.contains($0) }) {
      throw failure(header.line, "there is no column \"\(missing)\"", form)
    }
    if columns.contains(where: { $0.isEmpty || $0.hasPrefix("unnamed") }) {
      throw failure(
        header.line, "there is a column without a name, as an index is",
        "leave it out: delete it, or write with to_csv(index=False)")
    }
    if let unknown = columns.first(where: { !Self.columns.contains($0) }) {
      throw failure(header.line, "there is a column \"\(unknown)\"", form)
    }
    guard Set(columns).count == columns.count else { throw failure(header.line, "a column is named twice", form) }
    var labels = Spellings()
    var speakers = Spellings()
    var rows: [Row] = []
    for row in manifest.rows.dropFirst() {
      guard row.fields.count == columns.count else {
        throw failure(
          row.line, "\(row.fields.count) fields instead of \(columns.count)",
          "quote fields that hold a \(manifest.separatorName)")
      }
      func field(_ name: String) -> String {
        columns.firstIndex(of: name).map { row.fields[$0].trimmingCharacters(in: .whitespaces) } ?? ""
      }
      if let empty = needed.first(where: { field($0).isEmpty }) {
        throw failure(row.line, "the \(empty) is empty", "fill it in, or delete the line")
      }
      let label = field("label")
      guard !label.contains(where: { $0 == "," || $0.isWhitespace }) else {
        throw failure(row.line, "the label \"\(label)\" is not one word", "join its words, as in very-happy")
      }
      for (kind, other) in [
        ("label", labels.other(than: label, line: row.line)),
        ("speaker", speakers.other(than: field("speaker"), line: row.line)),
      ] {
        guard let other else { continue }
        throw failure(
          row.line, "the \(kind) \"\(field(kind))\" is \"\(other.name)\" in line \(other.line)",
          "write both alike, capitals too")
      }
      rows.append(
        Row(
          line: row.line, path: field("path"), label: field("label"), speaker: field("speaker"), text: field("text"),
          votes: field("votes")))
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
      let exists = FileManager.default.fileExists(atPath: path)
      if !exists, row.path.contains("\\") {
        throw CorpusError(
          at: "\(file):\(row.line)", "there is no \(row.path), and its backslashes separate no folders here",
          advice: "write / between folders and files, and paths relative to the manifest's folder")
      }
      // The same file, however it is spelt.
      let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
      if let first = known[place] {
        guard (first.label, first.speaker, first.text) == (row.label, row.speaker, row.text) else {
          throw CorpusError(
            at: "\(file):\(row.line)", "\(row.path) has another label, speaker or text in line \(first.line)",
            advice: "delete one of them")
        }
        leftOut.append(LeftOut("\(file):\(row.line): \(row.path)", "named before"))
        continue
      }
      known[place] = row
      recordings.append(
        Recording(
          path: path, label: labels.firstIndex(of: row.label)!, speaker: row.speaker, text: row.text,
          votes: try votes(of: row, labels: labels, file: file), name: row.path))
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
      terms: terms(besideManifest: file))
  }

  /// The first line of `NAME.terms` beside `NAME.csv`: what a model of these recordings is to say of their licence.
  private static func terms(besideManifest file: String) -> String {
    let path = (file as NSString).deletingPathExtension + ".terms"
    let line = (try? String(contentsOfFile: path, encoding: .utf8))?.split(whereSeparator: \.isNewline).first
    let text = line?.trimmingCharacters(in: .whitespaces) ?? ""
    return text.isEmpty ? "those of the recordings that \(CorpusFolder.stem(file)).csv names" : text
  }

  /// A share for each label; nil if the row names none. A vote without a number counts once.
  private static func votes(of row: Row, labels: [String], file: String) throws(CorpusError) -> [Float]? {
    var votes = [Float](repeating: 0, count: labels.count)
    for word in row.votes.split(whereSeparator: \.isWhitespace) {
      let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard let count = parts.count == 1 ? 1 : Float(parts[1]), count >= 0, count.isFinite else {
        throw CorpusError(
          at: "\(file):\(row.line)", "the vote \"\(word)\" is no label with a number",
          advice: "write votes as in anger:7 neutral:3")
      }
      guard let label = labels.firstIndex(of: String(parts[0])) else {
        throw CorpusError(
          at: "\(file):\(row.line)", "a vote for \"\(parts[0])\", which is no label of this manifest",
          advice: "labels are \(labels.joined(separator: ", "))")
      }
      votes[label] += count
    }
    let sum = votes.reduce(0, +)
    return sum > 0 ? votes.map { $0 / sum } : nil
  }

  /// Names that were written, to find two that differ in capitals alone.
  private struct Spellings {
    private var known: [String: (name: String, line: Int)] = [:]

    mutating func other(than name: String, line: Int) -> (name: String, line: Int)? {
      let first = known[name.lowercased()] ?? (name, line)
      known[name.lowercased()] = first
      return first.name == name ? nil : first
    }
  }
}
