/// What a source is made of before it is mixed and resampled: for messages and reports, not for decisions.
package struct NativeFormat: Equatable, Sendable, CustomStringConvertible {
  /// Samples per second and channel, in Hz.
  package let sampleRate: Int
  /// Number of channels, at least 1.
  package let channels: Int
  /// Container and encoding in words, as "WAV (Microsoft), Signed 16 bit PCM".
  package let name: String

  /// A format; all three as read from the file or device.
  package init(sampleRate: Int, channels: Int, name: String) {
    self.sampleRate = sampleRate
    self.channels = channels
    self.name = name
  }

  /// One line, as "WAV (Microsoft), Signed 16 bit PCM, 44100 Hz, 2 channels".
  package var description: String { "\(name), \(sampleRate) Hz, \(channels) channel\(channels == 1 ? "" : "s")" }
}
