import Glibc

/// The process's environment variables. Nothing here changes them.
package enum Environment {
  /// The value of one; nil if it is not set. What is not UTF-8 is repaired.
  package static subscript(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The value of one that says something; nil if it is not set, or empty.
  package static func nonEmpty(_ name: String) -> String? {
    self[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// All of them, by name; what is not UTF-8 is repaired.
  package static var variables: [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      next += 1
    }
    return variables
  }
}
