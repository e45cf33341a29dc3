/// A table in Markdown, as results are printed and copied to a model card.
package struct MarkdownTable {
  /// All of it; every line ends with a line break.
  package private(set) var text: String

  /// A table without rows.
  package init(_ headings: [String]) {
    text = Self.line(headings) + "|" + String(repeating: "---|", count: headings.count) + "\n"
  }

  /// A table of these rows.
  package init(_ headings: [String], rows: [[String]]) {
    self.init(headings)
    for row in rows { add(row) }
  }

  /// Adds a row.
  package mutating func add(_ cells: [String]) { text += Self.line(cells) }

  private static func line(_ cells: [String]) -> String {
    "|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined() + "\n"
  }
}
