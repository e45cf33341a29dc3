/// Something in a corpus folder that is not used, and why.
package struct LeftOut: Codable, Equatable, Sendable, CustomStringConvertible {
  /// The file, or the line of one.
  package let path: String
  /// Why.
  package let reason: String

  /// A file, or a line of one, that is not used.
  package init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  /// One line.
  package var description: String { "\(path): \(reason)" }

  /// A few lines for people: each reason with its number of files and the first of them.
  package static func summary(_ list: [LeftOut], examples: Int = 3) -> [String] {
    Dictionary(grouping: list, by: \.reason).sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.flatMap {
      reason, files in
      let rest = files.count > examples ? ["  … and \(files.count - examples) more"] : []
      return ["\(files.count) × \(reason)"] + files.prefix(examples).map { "  \($0.path)" } + rest
    }
  }
}
