import ArgumentParser
import Glibc
import SerdConfiguration
import SerdConsole
import SerdSystem
import SerdWeb

/// The command line of `serd-web`.
@main
struct SerdWebCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serd-web",
    abstract: "Serves a page that shows what serd hears now, and, if you want, what it heard before.",
    discussion: """
      Exit codes: 0 done, 64 wrong usage, 66 no history, 69 another program listens there, 74 output could not be \
      written, 78 wrong configuration.
      """,
    version: WebVersion.text, subcommands: [Serve.self, ShowToken.self, Export.self, CheckConfiguration.self],
    defaultSubcommand: Serve.self)
}

/// The options that change the configuration: the strongest layer.
struct SettingsOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Configuration file (default: \(WebConfiguration.usualPath), if it is there).", valueName: "path"))
  var config: String?

  @Option(name: .long, help: ArgumentHelp("The daemon's event socket.", valueName: "path"))
  var socket: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Any key of the configuration; `serd-web check-config` lists them.", valueName: "key=value"))
  var assignments: [String] = []

  func validate() throws {
    for assignment in assignments where !assignment.contains("=") {
      throw ValidationError("--set takes key=value, not '\(assignment)'.")
    }
  }

  /// Reads all layers.
  func load() throws(ConfigurationError) -> (layers: SettingLayers<WebSettings>, path: String?) {
    var options = socket.map { [(key: "socket", value: $0)] } ?? []
    for assignment in assignments {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      options.append((String(parts[0]), String(parts[1])))
    }
    return try WebConfiguration.load(path: config, environment: Environment.variables, options: options)
  }
}

extension ParsableCommand {
  /// Runs the command's work; an error of ours becomes one line on stderr and the documented exit code.
  func reporting(_ body: () throws -> Void) throws {
    if let status = try explaining(body) { throw ExitCode(status.rawValue) }
  }
}
