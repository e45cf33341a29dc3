import SerdConsole

/// Puts a program's layers together, the stronger last: defaults, file, environment, command line; and remembers where
/// each value came from. Unknown sections and keys are errors that name the nearest known one.
package struct SettingLayers<Settings: Sendable>: Sendable {
  /// The result.
  package var settings: Settings
  /// Where the value of each key came from, but for those that are built in.
  package private(set) var origins: [String: ConfigurationOrigin] = [:]
  /// Environment variables that look like misspelt settings, a line each.
  package private(set) var warnings: [String] = []
  private let keys: [SettingKey<Settings>]
  /// How the names of the program's environment variables begin.
  private let prefix: String

  /// The defaults alone.
  package init(_ defaults: Settings, keys: [SettingKey<Settings>], prefix: String) {
    settings = defaults
    self.keys = keys
    self.prefix = prefix
  }

  /// Where a key's value came from.
  package func origin(of key: String) -> ConfigurationOrigin { origins[key] ?? .builtIn }

  /// Says where a value came from that is no key's.
  package mutating func note(_ origin: ConfigurationOrigin, of name: String) { origins[name] = origin }

  /// Takes a line of a file.
  ///
  /// - Parameter others: sections that the program reads itself.
  package mutating func take(
    _ line: ConfigurationFile.Assignment, of file: ConfigurationFile, others: [String] = []
  ) throws(ConfigurationError) {
    let place = "\(file.path):\(line.line)"
    let sections = SettingKey.sections(of: keys) + others
    guard sections.contains(line.section) else {
      let what =
        line.section.isEmpty ? "\(line.key) stands before any [section]" : "there is no section [\(line.section)]"
      throw ConfigurationError(at: place, "\(what)\(NearestName.suggestion(for: line.section, in: sections))")
    }
    guard let key = keys.first(where: { $0.name == line.key }) else {
      throw ConfigurationError(at: place, "there is no key '\(line.key)'\(suggestion(line.key))")
    }
    guard key.section == line.section else {
      throw ConfigurationError(at: place, "\(key.name) belongs into the section [\(key.section)]")
    }
    try set(key, line.value, .file(path: file.path, line: line.line))
  }

  /// Takes environment variables.
  ///
  /// - Parameter others: variables with the program's prefix that are no settings.
  package mutating func take(environment: [String: String], others: [String] = []) throws(ConfigurationError) {
    for (variable, value) in environment.sorted(by: { $0.key < $1.key }) where variable.hasPrefix(prefix) {
      guard let key = keys.first(where: { $0.variable(prefix: prefix) == variable }) else {
        warn(variable, others)
        continue
      }
      try set(key, value, .environment(variable: variable))
    }
  }

  /// Takes what the command line sets, by key.
  package mutating func take(options: [(key: String, value: String)]) throws(ConfigurationError) {
    for (name, value) in options {
      guard let key = keys.first(where: { $0.name == name }) else {
        throw ConfigurationError(at: "--set \(name)", "there is no such key\(suggestion(name))")
      }
      try set(key, value, .commandLine)
    }
  }

  private mutating func set(
    _ key: SettingKey<Settings>, _ value: String, _ origin: ConfigurationOrigin
  ) throws(ConfigurationError) {
    try ConfigurationValue.check(value, of: key.name, origin)
    guard key.assign(&settings, value) else {
      throw ConfigurationError(key.name, value: value, origin: origin, expected: key.expected)
    }
    origins[key.name] = origin
  }

  private mutating func warn(_ variable: String, _ others: [String]) {
    let known = keys.map { $0.variable(prefix: prefix) }
    guard !others.contains(variable), let nearest = NearestName.of(variable, in: known) else { return }
    warnings.append("the environment variable \(variable) is not a setting of serd; did you mean \(nearest)?")
  }

  private func suggestion(_ key: String) -> String { NearestName.suggestion(for: key, in: keys.map(\.name)) }
}

extension SettingKey {
  /// The sections of keys, in their order.
  package static func sections(of keys: [SettingKey]) -> [String] {
    keys.map(\.section).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }
}
