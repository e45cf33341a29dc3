import SerdAudio
import SerdServer

enum LiveSources {
  /// The microphone, or a recording in its place (`file.wav[,speed=N]`).
  static func make(_ configuration: Configuration, replay: String?) throws -> any LiveSource {
    if let replay { return try ReplaySource(ReplayOption(parsing: replay), channel: configuration.channel) }
    // While there is no microphone the attempts to open one feed systemd's watchdog: two in its interval at the least.
    let longestWait = min(4, (ServiceNotifier().watchdogInterval ?? .infinity) / 3)
    return try MicrophoneSource(
      device: configuration.device, channel: configuration.channel, longestWait: .seconds(longestWait))
  }
}
