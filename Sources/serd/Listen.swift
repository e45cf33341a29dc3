import SerdAudio
import SerdNetwork
import SerdService

/// `serd` without a file: the daemon.
struct Listen {
  let settings: SettingsOptions
  /// A recording to listen to in place of the microphone.
  let replay: String?

  func run() throws {
    // Before any thread: they inherit which signals are blocked.
    let signals = SignalQueue()
    let settings = settings
    let configuration = try settings.load().configuration
    let model = try LoadedModel(path: configuration.model.isEmpty ? LoadedModel.defaultPath() : configuration.model)
    try Daemon(
      source: LiveSources.make(device: configuration.device, replay: replay), model: model,
      classifier: model.makeClassifier(), signals: signals, load: settings.load
    ).run()
  }
}
