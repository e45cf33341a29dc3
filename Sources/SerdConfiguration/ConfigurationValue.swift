/// What holds for the value of every key, in every layer.
package enum ConfigurationValue {
  /// Plain quotes, and those of word processors and web pages.
  private static let quotes: Set<Character> = ["\"", "'", "“", "”", "„", "‘", "’", "«", "»"]

  /// Throws for what would become part of a value, and was hardly meant to.
  package static func check(
    _ value: String, of key: String, _ origin: ConfigurationOrigin
  ) throws(ConfigurationError) {
    if let (problem, advice) = defect(of: value) {
      throw ConfigurationError(at: origin.place(of: key), "'\(value)' \(problem)", advice: advice)
    }
  }

  /// What was hardly meant to be part of a value, and what to do; nil for a value without such. Completes "'x' …".
  package static func defect(of value: String) -> (problem: String, advice: String)? {
    guard let first = value.first, let last = value.last else { return nil }
    if first == "#" || zip(value, value.dropFirst()).contains(where: { $0.isWhitespace && ($1 == "#" || $1 == ";") }) {
      return ("has a remark behind the value", "put it on a line of its own, which begins with #")
    }
    if quotes.contains(first) || quotes.contains(last) {
      return ("has quotes, which would be part of the value", "write it without them")
    }
    // Such as the no-break space of a web page: libinih removes only ASCII's.
    if first.isWhitespace || last.isWhitespace {
      return ("begins or ends with white space", "remove it; if none is to be seen, type the line anew")
    }
    return nil
  }
}
