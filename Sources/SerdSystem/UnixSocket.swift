import Glibc

/// Calls of Unix stream sockets that need more than one line in Swift.
package enum UnixSocket {
  /// One that does not block, without a name.
  package static func make() throws(Errno) -> Int32 {
    let descriptor = try retrying { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }
    do throws(Errno) { try Descriptors.prepare(descriptor) } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }

  /// Most bytes that its path may have.
  package static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  /// Whether a path can name a socket.
  package static func isUsable(path: String) -> Bool {
    !path.isEmpty && path.utf8.count <= longestPath && !path.utf8.contains(0)
  }

  /// Gives a socket the name of a path, which must be usable.
  package static func bind(_ descriptor: Int32, to path: String) throws(Errno) {
    try retrying { withAddress(path) { Glibc.bind(descriptor, $0, $1) } }
  }

  /// Connects to the socket of a path, which must be usable.
  package static func connect(_ descriptor: Int32, to path: String) throws(Errno) {
    try retrying { withAddress(path) { Glibc.connect(descriptor, $0, $1) } }
  }

  private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: path.utf8.prefix(longestPath))
    }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
