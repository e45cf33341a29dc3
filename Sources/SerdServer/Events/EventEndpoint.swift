/// Who may connect to a socket file.
package struct SocketAccess: Equatable, Sendable {
  /// Access mode of the file.
  package var mode: UInt32 = 0o660
  /// Its group, a name or a number; empty for the process's own.
  package var group = ""

  /// The defaults.
  package init() {}
}

/// Where the server listens.
package enum EventEndpoint: Sendable {
  /// A socket file that the server makes, and removes when it stops. The folder must exist.
  case path(String, access: SocketAccess = SocketAccess())
  /// A listening Unix stream socket that systemd made. The server takes the descriptor over, and leaves the file alone.
  case inherited(descriptor: Int32)
}
