/// Where a value came from, from weakest to strongest.
package enum ConfigurationOrigin: Equatable, Sendable {
  /// Built in.
  case builtIn
  /// A line of a file.
  case file(path: String, line: Int)
  /// An environment variable.
  case environment(variable: String)
  /// The command line.
  case commandLine

  /// How a user finds the key there.
  package func place(of key: String) -> String {
    switch self {
    case .builtIn: "the default of \(key)"
    case .file(let path, let line): "\(path):\(line): \(key)"
    case .environment(let variable): "the environment variable \(variable)"
    case .commandLine: "--\(key)"
    }
  }

  /// For `check-config`.
  package var description: String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line): "\(path):\(line)"
    case .environment: "environment"
    case .commandLine: "command line"
    }
  }
}
