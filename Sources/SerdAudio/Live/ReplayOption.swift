/// What `--source` says about a recording: `file.wav`, `file.wav,speed=4`, or `-` for standard input.
///
/// Only a comma and `speed=` at the very end are an option; all other commas belong to the file's name. A file whose
/// name ends in that way is named with a further `,speed=1`.
package struct ReplayOption: Equatable, Sendable {
  /// The file's path, or `-`.
  package let path: String
  /// How many times faster than it was recorded; 0 is as fast as it can be read.
  package let speed: Double

  /// A recording at a speed of at least 0.
  package init(path: String, speed: Double = 1) {
    precondition(speed >= 0 && speed.isFinite, "a speed of \(speed)")
    self.path = path
    self.speed = speed
  }

  /// Reads the option. Throws an error of kind `noInput` if there is no path, or no number of at least 0 after
  /// `speed=`.
  package init(parsing text: String) throws(AudioError) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let option = "speed="
    guard parts.count > 1, let last = parts.last, last.hasPrefix(option) else {
      try self.init(text, speed: 1)
      return
    }
    guard let speed = Double(last.dropFirst(option.count)), speed >= 0, speed.isFinite else {
      throw AudioError(
        .noInput, at: text, "has no usable number after speed=",
        advice: "give a number from 0 (as fast as possible) on, as file.wav,speed=4")
    }
    try self.init(String(text.dropLast(last.count + 1)), speed: speed)
  }

  private init(_ path: String, speed: Double) throws(AudioError) {
    guard !path.isEmpty else {
      throw AudioError(
        .noInput, at: "replay", "names no file", advice: "give one, as file.wav or file.wav,speed=4")
    }
    self.init(path: path, speed: speed)
  }
}
