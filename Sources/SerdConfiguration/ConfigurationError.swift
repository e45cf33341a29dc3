import SerdSystem

/// Why a configuration cannot be used.
package typealias ConfigurationError = Explained<ConfigurationFile>

extension Explained where Subject == ConfigurationFile {
  /// A setting is wrong.
  package init(at place: String? = nil, _ problem: String, advice: String = "") {
    self.init(.configuration, at: place, problem, advice: advice)
  }

  /// A value that a key does not take.
  package init(_ key: String, value: String, origin: ConfigurationOrigin, expected: String) {
    self.init(at: origin.place(of: key), "'\(value)' is not \(expected)")
  }
}
