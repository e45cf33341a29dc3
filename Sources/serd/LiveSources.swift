import SerdAudio
import SerdServer

enum LiveSources {
  /// The microphone, or a recording in its place (`file.wav[,speed=N]`).
  static func make(device: String, replay: String?) throws -> any LiveSource {
    if let replay { return try ReplaySource(ReplayOption(parsing: replay)) }
    // While there is no microphone the attempts to open one feed systemd's watchdog: two in its interval at the least.
    let longestWait = min(4, (ServiceNotifier().watchdogInterval ?? .infinity) / 3)
    return try MicrophoneSource(device: device, longestWait: .seconds(longestWait))
  }
}
