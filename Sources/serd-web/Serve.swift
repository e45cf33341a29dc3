import ArgumentParser
import Glibc
import SerdConsole
import SerdSystem
import SerdWeb

/// `serd-web`: serves the page until it is told to stop.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the page (this is what serd-web does by itself).")

  @OptionGroup var settings: SettingsOptions

  func run() throws {
    try reporting {
      let (layers, _) = try settings.load()
      layers.warnings.forEach { Output.warn($0) }
      let signals = SignalQueue([SIGTERM, SIGINT])
      let service = try WebService(settings: layers.settings)
      for address in layers.settings.addresses { Output.warn("the page is at \(address.link ?? address.description)") }
      if layers.settings.needsToken { Output.warn("other machines need the token: sudo serd-web token") }
      service.run(signals: signals)
    }
  }
}
