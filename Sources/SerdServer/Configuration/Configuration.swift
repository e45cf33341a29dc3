import SerdAudio
import SerdDetection
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// Everything about the daemon that a user can set: the settings of its parts, whose defaults are theirs, and what only
/// the daemon knows. `ConfigurationKey` says what each is called and means.
///
/// Not here: what is decided once on the command line (`--once`, `--source`).
package struct Configuration: Equatable, Sendable {
  /// The ALSA device to listen to.
  package var device = "default"
  /// Which of the device's channels is heard.
  package var channel = ChannelChoice.mean
  /// Path of the int8 model; empty for the bundled one.
  package var model = ""
  /// How often a window is classified.
  package var hop = HopChoice.short
  /// Whose Fourier transform the front end uses.
  package var transform = TransformKind.default

  /// Path of the event socket; empty for the usual place.
  package var socket = ""
  /// Who may connect to the socket that the daemon makes itself.
  package var socketAccess = SocketAccess()

  /// Where event lines are logged: a path, `stdout`, or empty for nowhere.
  package var log = ""
  /// Whether window lines are logged too.
  package var logWindows = false
  /// How much of the log file is kept.
  package var logRotation = LogRotation()
  /// Path of the metrics file; empty for none. Under systemd, `ConfigurationLayers` has another default.
  package var metrics = ""
  /// Seconds between two `summary` events.
  package var summaryInterval = 60.0

  /// The speech gate.
  package var gate = SpeechGate.Settings()
  /// Emotion decisions.
  package var emotions = EmotionTracker.Settings()

  /// The defaults.
  package init() {}

  /// The model file: the configured one, or the one that came with serd.
  package func modelPath() throws(ModelFileError) -> String { model.isEmpty ? try LoadedModel.defaultPath() : model }
}
