import Glibc
import SerdSystem

/// Whether the service is muted, kept as a file in the folder of systemd's `StateDirectory=`: mute holds until somebody
/// unmutes, so also across a crash, an upgrade or a reboot. Without such a folder, as outside systemd, nothing is kept.
struct MuteMemory {
  private let path: String?

  /// - Parameter folders: systemd's `STATE_DIRECTORY`, of which the first counts; nil for none.
  init(folders: String?) {
    path = folders?.split(separator: ":").first.map { "\($0)/muted" }
  }

  /// What was kept last.
  var isMuted: Bool { path.map { access($0, F_OK) == 0 } ?? false }

  /// Keeps it; says why if that fails.
  func keep(_ mute: Bool) -> String? {
    guard let path else { return nil }
    do throws(Errno) {
      if mute {
        close(try retrying { open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) })
      } else if isMuted {
        try retrying { unlink(path) }
      }
      return nil
    } catch {
      return "\(path) cannot be changed (\(error.words)), so after a restart this will be forgotten"
    }
  }
}
