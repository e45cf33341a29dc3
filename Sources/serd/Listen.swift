import Glibc
import SerdAudio
import SerdNetwork
import SerdService

/// `serd` without a file: the daemon.
struct Listen {
  let configPath: String?
  let options: [(key: String, value: String)]
  /// A recording to listen to in place of the microphone.
  let replay: String?

  func run() throws {
    // Before any thread: they inherit which signals are blocked.
    let signals = SignalQueue()
    let (path, options) = (configPath, options)
    func load() throws(ConfigurationError) -> ConfigurationLayers {
      try ConfigurationLayers(path: path, environment: Environment.variables, options: options)
    }
    let configuration = try load().configuration
    let model = try LoadedModel(path: configuration.model.isEmpty ? LoadedModel.defaultPath() : configuration.model)
    let source: any LiveSource =
      if let replay { try ReplaySource(ReplayRequest(replay)) } else { try MicrophoneSource(device: configuration.device) }
    try Daemon(
      source: source, model: model, classifier: model.makeClassifier(), signals: signals, load: load
    ).run()
  }
}
