/// Why a configuration cannot be used: one line that says where, what is wrong and what to try. Exit code 78.
package struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// One line for the user.
  package let description: String

  /// An error from its line.
  package init(_ description: String) { self.description = description }

  /// A value that a key does not take.
  init(_ key: String, value: String, origin: ConfigurationOrigin, expected: String) {
    description = "\(origin.place(of: key)): '\(value)' is not \(expected)"
  }
}

/// Where a value came from, from weakest to strongest.
package enum ConfigurationOrigin: Equatable, Sendable {
  /// Built in.
  case builtIn
  /// A line of a file.
  case file(path: String, line: Int)
  /// An environment variable.
  case environment
  /// The command line.
  case commandLine

  /// How a user finds the key there.
  func place(of key: String) -> String {
    switch self {
    case .builtIn: "the default of \(key)"
    case .file(let path, let line): "\(path):\(line): \(key)"
    case .environment: "the environment variable \(ConfigurationKey.environmentName(of: key))"
    case .commandLine: "--\(key)"
    }
  }

  /// For `serd check-config`.
  package var description: String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line): "\(path):\(line)"
    case .environment: "environment"
    case .commandLine: "command line"
    }
  }
}
