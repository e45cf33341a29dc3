import SerdSystem

/// Why a configuration cannot be used.
package typealias ConfigurationError = Explained<Configuration>

extension Explained where Subject == Configuration {
  /// A setting is wrong.
  package init(at place: String? = nil, _ problem: String, advice: String = "") {
    self.init(.configuration, at: place, problem, advice: advice)
  }

  /// A value that a key does not take.
  init(_ key: String, value: String, origin: ConfigurationOrigin, expected: String) {
    self.init(at: origin.place(of: key), "'\(value)' is not \(expected)")
  }
}
