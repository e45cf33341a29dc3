import Glibc
import SerdSystem

/// Where the event socket is, for the daemon and for all that talk to it.
public enum EventSocketPath {
  /// Where systemd's units and root's daemon have it.
  public static let system = "/run/serd/events.sock"

  /// What was asked for: the option `--socket`, else the environment's SERD_SOCKET, else nil.
  private static func chosen(_ option: String?) -> String? {
    if let option { return option }
    return Environment.nonEmpty("SERD_SOCKET")
  }

  /// That of an ordinary user's own daemon; nil without a login session.
  private static var user: String? {
    Environment.nonEmpty("XDG_RUNTIME_DIR").map { "\($0)/serd/events.sock" }
  }

  /// Where a client connects: `option`, SERD_SOCKET, or the first of the two usual places where there is a socket.
  public static func forClient(_ option: String? = nil) -> String {
    if let path = chosen(option) { return path }
    if let user, access(system, F_OK) != 0, access(user, F_OK) == 0 { return user }
    return system
  }

  /// Where a daemon listens: `option`, SERD_SOCKET, or the first of the two usual places where it may write. There, and
  /// only there, the folder is made.
  public static func forServer(_ option: String? = nil) -> String {
    if let path = chosen(option) { return path }
    for path in [system, user].compactMap({ $0 }) {
      let folder = String(path.dropLast("/events.sock".count))
      mkdir(folder, 0o755)
      if access(folder, W_OK) == 0 { return path }
    }
    return system
  }
}
