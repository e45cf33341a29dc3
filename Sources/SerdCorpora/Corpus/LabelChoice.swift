/// The labels that are wanted of corpora, and which of a corpus's own go into each: `anger,happiness,neutral+calm`
/// takes what is calm as neutral, and leaves out what is none of these.
package struct LabelChoice: Equatable, Sendable {
  /// The labels, in order: the first of each group.
  package var names: [String] { groups.map { $0[0] } }
  private let groups: [[String]]

  /// Reads `a,b+c`. - Throws: `CorpusError` if a label stands twice, or there are fewer than two.
  package init(_ text: String) throws(CorpusError) {
    groups = text.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { group in
      group.split(separator: "+").map(String.init)
    }.filter { !$0.isEmpty }
    let words = groups.joined()
    if let twice = words.first(where: { word in words.count { $0 == word } > 1 }) {
      throw CorpusError(.usage, "the label \(twice) stands twice in \"\(text)\"", advice: "write it once")
    }
    guard groups.count > 1 else {
      throw CorpusError(
        .usage, "\"\(text)\" are not two labels or more", advice: "write them as in anger,happiness,neutral+calm")
    }
  }

  /// Place of a corpus's label in `names`; nil if it is not wanted.
  func index(of label: String) -> Int? { groups.firstIndex { $0.contains(label) } }

  /// Refuses words that no corpus has.
  func check(against corpora: [Corpus]) throws(CorpusError) {
    let known = Set(corpora.flatMap(\.labels))
    if let unknown = groups.joined().first(where: { !known.contains($0) }) {
      throw CorpusError(
        .usage, "no corpus here has the label \(unknown)", advice: "they have \(known.sorted().joined(separator: ", "))"
      )
    }
  }
}
