import SerdDetection

/// Everything about the daemon that a user can set, with the defaults. `ConfigurationKey` says what each is called and means.
///
/// Not here: what is decided once on the command line (`--once`, `--source`).
package struct Configuration: Equatable, Sendable {
  /// The ALSA device to listen to.
  package var device = "default"
  /// Path of the int8 model; empty for the bundled one.
  package var model = ""

  /// Path of the event socket; empty for the usual place.
  package var socket = ""
  /// Access mode of the socket that the daemon makes itself.
  package var socketMode = 0o660
  /// Group of the socket that the daemon makes itself; empty for the daemon's own.
  package var socketGroup = ""

  /// Where event lines are logged: a path, `stdout`, or empty for nowhere.
  package var log = ""
  /// Whether window lines are logged too.
  package var logWindows = false
  /// Size at which the log file is rotated, in bytes.
  package var logSize = 1 << 20
  /// How many rotated log files are kept beside the present one.
  package var logFiles = 4
  /// Path of the metrics file; empty for none. Under systemd, `ConfigurationLayers` has another default.
  package var metrics = ""
  /// Seconds between two `summary` events.
  package var summaryInterval = 60.0

  /// The speech gate.
  package var gate = SpeechGate.Settings()
  /// Emotion decisions, but for the thresholds of single labels.
  package var detection = DetectionConfiguration()
  /// Thresholds of single labels, from the section `[thresholds]`.
  package var thresholds: [String: Double] = [:]

  /// The defaults.
  package init() {}
}
