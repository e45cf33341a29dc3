/// By which way somebody comes in.
package enum Door: Equatable, Sendable {
  /// From this machine.
  case loopback
  /// From other machines, too.
  case network
  /// By a Unix socket: a reverse proxy, or whoever may open the file.
  case file
}
