import SerdAudio
import SerdConfiguration
import SerdProtocol
import SerdServer

/// Looks at what usually keeps a daemon from hearing, and says how to mend each.
///
/// It disturbs no daemon: a microphone that one captures from is not opened, the daemon is asked instead. Without a
/// daemon it opens the microphone itself and listens for some seconds. It changes nothing.
///
/// Not a test of how well emotions are told apart, nor of speed (`serd bench`).
package struct Doctor {
  /// What is looked at, and how long.
  package struct Settings: Sendable {
    /// What stands before /dev, /proc and /sys; empty but for tests.
    package var root = ""
    /// How many seconds of sound the signal is judged by, at least 4: a dead microphone is known after 3.
    package var seconds = 5.0
    /// How long a daemon, or a microphone without sound, is waited for, in milliseconds.
    package var patience: Int32 = 5000

    /// The defaults.
    package init() {}
  }

  let settings: Settings
  var system: SystemFolder { SystemFolder(root: settings.root) }

  /// A doctor.
  package init(settings: Settings = Settings()) { self.settings = settings }

  /// Looks at everything; `tell` gets each finding as soon as there is one, in the order of `Finding.Check`.
  ///
  /// - Parameters:
  ///   - socket: where the user says that the daemon is; nil: where the configuration says, or the usual place.
  ///   - configuration: what the daemon would run with, or why that cannot be read.
  package func examine(
    socket: String?, configuration layers: Result<ConfigurationLayers, ConfigurationError>,
    tell: (Finding) throws -> Void
  ) rethrows {
    let (configuration, files) = examineFiles(layers)
    for finding in files { try tell(finding) }
    try tell(power())
    try tell(processor())
    let chosen = socket ?? configuration.flatMap { $0.socket.isEmpty ? nil : $0.socket }
    let (contact, found) = examineSocket(EventSocketPath.forClient(chosen))
    for finding in found { try tell(finding) }
    try tell(permission(contact))
    for finding in sound(contact, configuration) { try tell(finding) }
    try tell(page())
  }

  private func sound(_ contact: DaemonContact?, _ configuration: Configuration?) -> [Finding] {
    guard let device = contact?.device ?? configuration?.device else {
      return [Finding.Check.microphone, .format, .signal].map {
        .skipped($0, "the configuration does not say which microphone")
      }
    }
    return contact.map(heard) ?? examineMicrophone(device, configuration?.channel ?? .mean)
  }
}
