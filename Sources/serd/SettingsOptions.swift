import ArgumentParser
import SerdConfiguration
import SerdServer
import SerdSystem

/// The options that change the daemon's configuration: the strongest layer.
struct SettingsOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Configuration file (default: \(ConfigurationLayers.usualPath), if it is there).", valueName: "path"))
  var config: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The microphone to listen to, as `serd devices` lists it (default: default).", valueName: "name")
  )
  var device: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Which of several channels is heard: mean, best or a number (default: mean).", valueName: "channel"))
  var channel: String?

  @Option(
    name: .long, help: ArgumentHelp("The int8 model to run (default: the bundled EMO-DB model).", valueName: "path"))
  var model: String?

  @Option(name: .long, help: ArgumentHelp("The event socket to make.", valueName: "path"))
  var socket: String?

  @Option(
    name: .long, help: ArgumentHelp("Also write event lines to a file, or to stdout.", valueName: "path"))
  var log: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Any key of the configuration; `serd check-config` lists them.", valueName: "key=value"))
  var assignments: [String] = []

  /// What is set, by key, in an order in which the last wins.
  var options: [(key: String, value: String)] {
    var options: [(key: String, value: String)] = []
    if let device { options.append(("device", device)) }
    if let channel { options.append(("channel", channel)) }
    if let model { options.append(("model", model)) }
    if let socket { options.append(("socket", socket)) }
    if let log { options.append(("log", log)) }
    for assignment in assignments {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      options.append((String(parts[0]), String(parts[1])))
    }
    return options
  }

  func validate() throws {
    for assignment in assignments where !assignment.contains("=") {
      throw ValidationError("--set takes key=value, not '\(assignment)'.")
    }
  }

  /// Reads all layers.
  func load() throws(ConfigurationError) -> ConfigurationLayers {
    try ConfigurationLayers(path: config, environment: Environment.variables, options: options)
  }
}
