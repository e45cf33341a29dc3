import ArgumentParser
import SerdConsole
import SerdWeb

/// `serd-web token`: what a browser of another machine is asked for, once.
struct ShowToken: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Print the token that browsers of other machines are asked for, once each.",
    discussion: "It is made when serd-web first needs it. To have another one: remove its file and restart serd-web.")

  @OptionGroup var settings: SettingsOptions

  func run() throws {
    try reporting {
      let path = try settings.load().layers.settings.tokenPath
      guard let token = try Token.read(at: path) else {
        throw WebError(
          .noInput, at: path, "there is no token yet",
          advice: "serd-web makes one when it starts and listens to other machines: listen = 0.0.0.0:8098")
      }
      try Output.write("\(token)\n")
    }
  }
}
