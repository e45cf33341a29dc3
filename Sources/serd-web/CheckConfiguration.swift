import ArgumentParser
import SerdConsole
import SerdWeb

/// `serd-web check-config`: what it would run with.
struct CheckConfiguration: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config",
    abstract: "Print the configuration that is in force and where each value comes from; exit status 78 if it is wrong."
  )

  @OptionGroup var settings: SettingsOptions

  @Flag(name: .long, help: "Print the configuration file with every key and its default instead.")
  var defaults = false

  func run() throws {
    try reporting {
      if defaults { return try Output.write(WebConfiguration.defaultFile) }
      let (layers, path) = try settings.load()
      layers.warnings.forEach { Output.warn($0) }
      try Output.write(WebConfiguration.text(layers, path: path))
    }
  }
}
