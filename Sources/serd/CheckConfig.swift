import ArgumentParser
import SerdConsole
import SerdPipeline
import SerdServer

/// `serd check-config`: what the daemon would run with.
struct CheckConfig: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config",
    abstract: "Print the configuration that is in force and where each value comes from; exit status 78 if it is wrong."
  )

  @OptionGroup var settings: SettingsOptions

  @Flag(name: .long, help: "Print the configuration file with every key and its default instead.")
  var defaults = false

  @Flag(name: .long, help: "Print nothing when it is right: the unit's check before a reload.")
  var quiet = false

  func run() throws {
    try reporting {
      if defaults { return try Output.write(ConfigurationLayers.defaultFile) }
      let layers = try settings.load()
      let model = try ModelChoice.load(layers.configuration.model)
      try layers.check(labels: model.model.description.labels)
      layers.warnings.forEach { Output.warn($0) }
      if !quiet { try Output.write(layers.resultText) }
    }
  }
}
