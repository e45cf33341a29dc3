import Glibc

/// A system call's error number.
struct Errno: Error, Equatable {
  let code: Int32

  /// The system's words for it, as "Permission denied".
  var words: String { String(cString: strerror(code)) }

  /// Not an error of a descriptor that does not block: there is nothing to do at present.
  var wouldBlock: Bool { code == EAGAIN || code == EWOULDBLOCK }
}

/// Runs a system call that says -1 for failure, again while a signal interrupts it: the events' policy for errno.
@discardableResult
func retrying<Result: FixedWidthInteger>(_ call: () -> Result) throws(Errno) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    if errno != EINTR { throw Errno(code: errno) }
  }
}

/// Calls of sockets and pipes that need more than one line in Swift.
enum Descriptors {
  /// Makes a descriptor close on exec and never block.
  static func prepare(_ descriptor: Int32) throws(Errno) {
    try retrying { fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    let flags = try retrying { fcntl(descriptor, F_GETFL) }
    try retrying { fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
  }

  /// Waits for what is asked for in `set`; answers are in its `revents`. `milliseconds` -1 is for ever. A signal ends the wait.
  static func wait(_ set: inout [pollfd], milliseconds: Int32) {
    if poll(&set, nfds_t(set.count), milliseconds) < 0 {
      for index in set.indices { set[index].revents = 0 }
    }
  }

  /// A Unix socket that does not block.
  static func unixSocket() throws(Errno) -> Int32 {
    let descriptor = try retrying { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }
    do throws(Errno) { try prepare(descriptor) } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }

  /// Most bytes that a Unix socket's path may have.
  static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  /// Gives a socket the name of a path, which must not be longer than `longestPath`.
  static func bind(_ descriptor: Int32, to path: String) throws(Errno) {
    try retrying { withAddress(path) { Glibc.bind(descriptor, $0, $1) } }
  }

  /// Connects to the socket of a path, which must not be longer than `longestPath`.
  static func connect(_ descriptor: Int32, to path: String) throws(Errno) {
    try retrying { withAddress(path) { Glibc.connect(descriptor, $0, $1) } }
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
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
