import Glibc
import SerdConfiguration
import SerdConsole
import SerdDetection

/// Puts the layers together, the stronger last: defaults, file, environment `SERD_*`, command line; and remembers where
/// each value came from.
///
/// Unknown sections and keys are errors that name the nearest known one. So are unknown labels: `check(labels:)`, since
/// the model is read later.
package struct ConfigurationLayers: Sendable {
  /// The file that is read when none is named; it may be missing.
  package static let usualPath = "/etc/serd/serd.conf"
  /// The section whose keys are labels of the model.
  package static let thresholdSection = "thresholds"
  /// The environment variable that names the file.
  package static let pathVariable = "SERD_CONFIG"
  /// Where systemd names the folder of its `RuntimeDirectory=`: the metrics' place unless another one is configured.
  static let runtimeFolderVariable = "RUNTIME_DIRECTORY"
  /// The metrics file's name there.
  static let metricsName = "serd.prom"

  /// The result.
  package var configuration: Configuration { layers.settings }
  /// The file that was read, if any.
  package private(set) var path: String?
  /// Environment variables that look like misspelt settings, a line each.
  package var warnings: [String] { layers.warnings }
  /// Keys of `[thresholds]` have their origins under `thresholds.LABEL`.
  private(set) var layers = SettingLayers(Configuration(), keys: ConfigurationKey.all, prefix: "SERD_")
  private let environment: [String: String]
  private let options: [(key: String, value: String)]
  /// The file that the command line names.
  private var named: String?

  /// - Parameters:
  ///   - path: the file that the command line names; it must exist. nil: `SERD_CONFIG`, or else `usualPath` if it is
  ///     there.
  ///   - environment: variables by name.
  ///   - options: what the command line sets, by key.
  package init(
    path: String?, environment: [String: String], options: [(key: String, value: String)]
  ) throws(ConfigurationError) {
    let chosen = path ?? environment[Self.pathVariable]
    let found = chosen ?? (access(Self.usualPath, F_OK) == 0 ? Self.usualPath : nil)
    var file: ConfigurationFile?
    if let found { file = try ConfigurationFile(path: found) }
    try self.init(file: file, environment: environment, options: options)
    named = path
  }

  /// The same with a file that was read already, or none.
  init(
    file: ConfigurationFile?, environment: [String: String], options: [(key: String, value: String)]
  ) throws(ConfigurationError) {
    self.environment = environment
    self.options = options
    if let folder = environment[Self.runtimeFolderVariable]?.split(separator: ":").first {
      layers.settings.metrics = "\(folder)/\(Self.metricsName)"
    }
    if let file {
      path = file.path
      try take(file)
    }
    try layers.take(environment: environment, others: [Self.pathVariable])
    try layers.take(options: options)
  }

  /// The same layers as they are now: the file may have changed.
  package func readAgain() throws(ConfigurationError) -> ConfigurationLayers {
    try ConfigurationLayers(path: named, environment: environment, options: options)
  }

  /// Where a key's value came from.
  package func origin(of key: String) -> ConfigurationOrigin { layers.origin(of: key) }

  /// Throws for a label that the model does not have, wherever one can stand. Those that are unreported by default may
  /// be written down for any model.
  package func check(labels: [String]) throws(ConfigurationError) {
    func refuse(_ label: String, _ key: String, _ name: String) -> ConfigurationError {
      ConfigurationError(
        at: origin(of: key).place(of: name),
        "the model has no label '\(label)'\(NearestName.suggestion(for: label, in: labels)); it has \(labels.joined(separator: ", "))"
      )
    }
    for label in configuration.emotions.begins.keys.sorted() where !labels.contains(label) {
      throw refuse(label, "\(Self.thresholdSection).\(label)", label)
    }
    let known = labels + EmotionTracker.Settings().unreported
    for label in configuration.emotions.unreported where !known.contains(label) {
      throw refuse(label, "unreported", "unreported")
    }
  }

  private mutating func take(_ file: ConfigurationFile) throws(ConfigurationError) {
    for line in file.assignments {
      if line.section == Self.thresholdSection {
        try setThreshold(line, .file(path: file.path, line: line.line))
      } else {
        try layers.take(line, of: file, others: [Self.thresholdSection])
      }
    }
  }

  private mutating func setThreshold(
    _ line: ConfigurationFile.Assignment, _ origin: ConfigurationOrigin
  ) throws(ConfigurationError) {
    try ConfigurationValue.check(line.value, of: line.key, origin)
    guard let value = Double(line.value), (0.01...1).contains(value) else {
      throw ConfigurationError(line.key, value: line.value, origin: origin, expected: "a probability from 0.01 to 1")
    }
    layers.settings.emotions.begins[line.key] = value
    layers.note(origin, of: "\(Self.thresholdSection).\(line.key)")
  }
}
