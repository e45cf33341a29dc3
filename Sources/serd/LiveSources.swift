import SerdAudio

enum LiveSources {
  /// The microphone, or a recording in its place (`file.wav[,speed=N]`).
  static func make(device: String, replay: String?) throws -> any LiveSource {
    if let replay { return try ReplaySource(ReplayOption(parsing: replay)) }
    return try MicrophoneSource(device: device)
  }
}
