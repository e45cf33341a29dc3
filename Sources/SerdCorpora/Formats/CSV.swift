/// Comma-separated values (RFC 4180), or values with another separator: fields in double quotes may hold separators,
/// line breaks and doubled quotes. Line breaks are LF or CRLF; blank lines count, but are no rows.
enum CSV {
  /// A row and the line that it begins on, from 1.
  struct Row: Equatable {
    let line: Int
    let fields: [String]
  }

  /// What is wrong, and on which line.
  struct Defect: Error, Equatable {
    let line: Int
    let problem: String
  }

  static func rows(_ text: String, separator: Unicode.Scalar = ",") throws(Defect) -> [Row] {
    var parser = Parser(separator: separator)
    for character in text.unicodeScalars { try parser.take(character) }
    return try parser.finish()
  }

  private struct Parser {
    /// Where in a field the last character was.
    private enum Place { case start, plain, quoted, afterQuote }
    private let separator: Unicode.Scalar
    private var place = Place.start
    private var field = ""
    private var fields: [String] = []
    private var rows: [Row] = []
    private var line = 1
    private var rowLine = 1
    private var quoteLine = 1

    init(separator: Unicode.Scalar) { self.separator = separator }

    mutating func take(_ character: Unicode.Scalar) throws(Defect) {
      if character == "\n" { line += 1 }
      switch (place, character) {
      case (.quoted, "\""): place = .afterQuote
      case (.quoted, _): field.unicodeScalars.append(character)
      case (.afterQuote, "\""):
        field += "\""
        place = .quoted
      case (_, separator): endField()
      case (_, "\n"): endRow()
      case (_, "\r"): break  // of CRLF; alone it is no line break, and no part of a path either
      case (.start, "\""):
        place = .quoted
        quoteLine = line
      case (.plain, "\""): throw Defect(line: line, problem: "a quote inside a field that does not begin with one")
      case (.afterQuote, _): throw Defect(line: line, problem: "text after the closing quote of a field")
      case (.start, _), (.plain, _):
        field.unicodeScalars.append(character)
        place = .plain
      }
    }

    mutating func finish() throws(Defect) -> [Row] {
      if place == .quoted { throw Defect(line: quoteLine, problem: "a quote that is never closed") }
      endRow()
      return rows
    }

    private mutating func endField() {
      fields.append(field)
      field = ""
      place = .start
    }

    private mutating func endRow() {
      let isBlank = fields.isEmpty && field.isEmpty && place == .start
      endField()
      if !isBlank { rows.append(Row(line: rowLine, fields: fields)) }
      fields = []
      rowLine = line
    }
  }
}
