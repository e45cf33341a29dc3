import Foundation

/// A manifest's rows, whatever a spreadsheet wrote them with: UTF-8 or UTF-16, and the separator of its country.
struct ManifestTable {
  /// The header, then the others.
  let rows: [CSV.Row]
  private let separator: Unicode.Scalar

  private static let separators: [(scalar: Unicode.Scalar, name: String)] = [
    (",", "comma"), (";", "semicolon"), ("\t", "tab"),
  ]

  /// "comma", "semicolon" or "tab".
  var separatorName: String { Self.separators.first { $0.scalar == separator }!.name }

  /// Decodes a file and takes it apart.
  init(_ data: Data, file: String) throws(CorpusError) {
    let text = try Self.text(data, file: file)
    separator = Self.separator(of: text)
    do throws(CSV.Defect) {
      let rows = try CSV.rows(text, separator: separator)
      // Excel's own first line, which tells it the separator.
      let tellsSeparator = rows.first?.fields.first?.lowercased().hasPrefix("sep=") == true
      self.rows = tellsSeparator ? Array(rows.dropFirst()) : rows
    } catch {
      throw CorpusError(at: "\(file):\(error.line)", error.problem, advice: "write \"\" for a quote in quotes")
    }
  }

  private static func text(_ data: Data, file: String) throws(CorpusError) -> String {
    let isWide = data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF])
    guard let text = String(data: data, encoding: isWide ? .utf16 : .utf8) else {
      throw CorpusError(
        "the manifest \(file) is not \(isWide ? "whole UTF-16" : "UTF-8")", advice: "save it as UTF-8")
    }
    guard !text.unicodeScalars.contains("\0") else {
      throw CorpusError("the manifest \(file) has zero bytes, so it is no text, or UTF-16", advice: "save it as UTF-8")
    }
    // Some spreadsheets begin a file with a byte-order mark.
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }

  /// The one that gives the most of the known columns.
  private static func separator(of text: String) -> Unicode.Scalar {
    let lines = text.split(maxSplits: 2, whereSeparator: \.isNewline).prefix(2)
    func columns(_ separator: Unicode.Scalar) -> Int {
      lines.map { line in
        line.unicodeScalars.split(separator: separator).count { field in
          Manifest.columns.contains(
            Substring(field).trimmingCharacters(in: CharacterSet(charactersIn: " \"\u{FEFF}")).lowercased())
        }
      }.max() ?? 0
    }
    // The first of those that give as many: a comma.
    return separators.reversed().max { columns($0.scalar) < columns($1.scalar) }!.scalar
  }
}
