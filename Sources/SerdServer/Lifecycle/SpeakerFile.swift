import FoundationEssentials
import Glibc
import SerdFeatures
import SerdProtocol
import SerdSystem

/// What is known of the speaker, kept in the service's state directory over a restart: sums, no sound. Another model,
/// or a file that cannot be read, begins anew.
///
/// Who has not been heard for a day counts half: it may be somebody else, and the room another.
struct SpeakerFile {
  private let path: String?
  private let model: String
  private var due: Timestamp?

  /// Seconds between two writings: what a power loss may cost.
  private static let interval = 300.0
  /// Seconds in which what was heard loses half of its weight.
  private static let halfLife = 86400.0
  private static let largestSize = 1 << 20

  private struct Content: Codable {
    /// SHA-256 of the model's file.
    let model: String
    /// Seconds since 1970.
    let saved: Double
    let speaker: SpeakerRecord
  }

  /// - Parameters:
  ///   - folders: systemd's `STATE_DIRECTORY`, of which the first counts; nil for none.
  ///   - model: SHA-256 of its file.
  init(folders: String?, model: String) {
    path = folders?.split(separator: ":").first.map { "\($0)/speaker" }
    self.model = model
  }

  /// What was kept of this model's speaker; nil if nothing was.
  func read() -> SpeakerRecord? {
    guard let path, let file = try? FileDescriptor.reading(path), let bytes = try? file.rest(largest: Self.largestSize),
      String(validating: bytes, as: UTF8.self) != nil,
      let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)), content.model == model
    else { return nil }
    // A clock that was set back makes nobody younger.
    let age = max(0, Double(time(nil)) - content.saved)
    return content.speaker.faded(to: pow(0.5, age / Self.halfLife))
  }

  /// Whether it is time to write again.
  mutating func isDue(at now: Timestamp) -> Bool {
    guard path != nil, let due else {
      self.due = now.advanced(bySeconds: Self.interval)
      return false
    }
    guard now >= due else { return false }
    self.due = now.advanced(bySeconds: Self.interval)
    return true
  }

  /// Keeps it; says why if that fails.
  func keep(_ speaker: SpeakerRecord) -> String? {
    guard let path, speaker.count > 0 else { return nil }
    let content = Content(model: model, saved: Double(time(nil)), speaker: speaker)
    guard let data = try? JSONEncoder().encode(content) else { return nil }
    do throws(Errno) {
      try AtomicFile.write(data, to: path, mode: 0o600)
      return nil
    } catch {
      return "\(path) cannot be written (\(error.words)), so after a restart the speaker will be new"
    }
  }

  /// Removes it; says why if that fails.
  func forget() -> String? {
    guard let path, unlink(path) != 0, errno != ENOENT else { return nil }
    return "\(path) cannot be removed (\(Errno.latest.words)): remove it"
  }
}
