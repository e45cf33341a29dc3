import SerdDetection

/// Everything about the daemon that a user can set, with the defaults. `ConfigurationKey` says what each is called and means.
///
/// Not here: what is decided once on the command line (`--once`, `--source`).
public struct Configuration: Equatable, Sendable {
  /// The ALSA device to listen to.
  public var device = "default"
  /// Path of the int8 model; empty for the bundled one.
  public var model = ""

  /// Path of the event socket; empty for the usual place.
  public var socket = ""
  /// Access mode of the socket that the daemon makes itself.
  public var socketMode = 0o660
  /// Group of the socket that the daemon makes itself; empty for the daemon's own.
  public var socketGroup = ""

  /// Where event lines are logged: a path, `stdout`, or empty for nowhere.
  public var log = ""
  /// Whether window lines are logged too.
  public var logWindows = false
  /// Size at which the log file is rotated, in bytes.
  public var logSize = 1 << 20
  /// How many rotated log files are kept beside the present one.
  public var logFiles = 4
  /// Path of the metrics file; empty for none. Under systemd, `ConfigurationLayers` has another default.
  public var metrics = ""
  /// Seconds between two `summary` events.
  public var summaryInterval = 60.0

  /// The speech gate.
  public var gate = SpeechGate.Settings()
  /// Emotion decisions, but for the thresholds of single labels.
  public var detection = DetectionConfiguration()
  /// Thresholds of single labels, from the section `[thresholds]`.
  public var thresholds: [String: Double] = [:]

  /// The defaults.
  public init() {}
}
