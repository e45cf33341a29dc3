import Glibc
import SerdSystem

/// A listening socket, and the file that belongs to it.
struct EventSocket {
  let descriptor: Int32
  /// The file and its identity; nil if somebody else made it.
  private let file: (path: String, device: dev_t, inode: ino_t)?

  init(_ endpoint: EventEndpoint) throws(EventServerError) {
    switch endpoint {
    case .inherited(let descriptor):
      self.descriptor = descriptor
      file = nil
      try Self.check(inherited: descriptor)
    case .path(let path, let access):
      descriptor = try Self.listen(at: path, access)
      var status = stat()
      file = lstat(path, &status) == 0 ? (path, status.st_dev, status.st_ino) : nil
    }
  }

  /// Stops listening and removes the file, unless another one has taken its place.
  func close() {
    if let file {
      var status = stat()
      if lstat(file.path, &status) == 0, status.st_dev == file.device, status.st_ino == file.inode {
        unlink(file.path)
      }
    }
    _ = Glibc.close(descriptor)
  }

  private static func check(inherited descriptor: Int32) throws(EventServerError) {
    func option(_ name: Int32) -> Int32? {
      var (value, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
      return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }
    guard option(SO_DOMAIN) == AF_UNIX, option(SO_ACCEPTCONN) == 1,
      option(SO_TYPE) == Int32(SOCK_STREAM.rawValue)
    else {
      throw EventServerError(
        .configuration, "descriptor \(descriptor) is no listening Unix stream socket",
        advice: "use ListenStream= with a path in serd.socket")
    }
    do throws(Errno) { try Descriptors.prepare(descriptor) } catch {
      throw EventServerError(.system, "cannot use the socket that was handed over: \(error.words)")
    }
  }

  private static func listen(at path: String, _ access: SocketAccess) throws(EventServerError) -> Int32 {
    guard UnixSocket.isUsable(path: path) else {
      throw EventServerError(
        .configuration, at: path,
        "has \(path.utf8.count) bytes",
        advice: "a socket\'s path has 1 to \(UnixSocket.longestPath)")
    }
    let owner = access.group.isEmpty ? nil : try groupID(access.group)
    // A lock on the folder, which leaves nothing behind, so that two daemons that start at once do not remove each
    // other's file.
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let lock = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 || errno != ENOENT else {
      throw EventServerError(
        .configuration,
        "the folder of the socket does not exist", advice: "make \(folder), or name another path")
    }
    defer { if lock >= 0 { Glibc.close(lock) } }
    // Whoever holds it for a second is no daemon that starts, and shall not keep this one from it.
    for _ in 0..<100 where lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0 { poll(nil, 0, 10) }
    do throws(Errno) {
      let descriptor = try UnixSocket.make()
      do throws(Errno) {
        // Nobody may connect before the group is set: the file begins with the mode of the descriptor.
        try retrying { fchmod(descriptor, 0o600) }
        if try !isBound(descriptor, to: path) {
          try removeStale(path)
          try UnixSocket.bind(descriptor, to: path)
        }
        try open(descriptor, at: path, mode: access.mode, owner: owner)
        return descriptor
      } catch {
        Glibc.close(descriptor)
        throw error
      }
    } catch {
      throw explanation(of: error, path)
    }
  }

  /// Binds, unless there is a file of that name.
  private static func isBound(_ descriptor: Int32, to path: String) throws(Errno) -> Bool {
    do throws(Errno) {
      try UnixSocket.bind(descriptor, to: path)
      return true
    } catch {
      if error.code == EADDRINUSE { return false }
      throw error
    }
  }

  private static func open(_ descriptor: Int32, at path: String, mode: UInt32, owner: gid_t?)
    throws(Errno)
  {
    do throws(Errno) {
      try retrying { Glibc.listen(descriptor, 128) }
      if let owner { try retrying { chown(path, uid_t.max, owner) } }
      try retrying { chmod(path, mode & 0o777) }
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Removes the file of a daemon that is no more. Throws ENOTSOCK for what is no socket, and EADDRINUSE if somebody
  /// serves it.
  private static func removeStale(_ path: String) throws(Errno) {
    var status = stat()
    try retrying { lstat(path, &status) }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw Errno(code: ENOTSOCK) }
    let probe = try UnixSocket.make()
    defer { Glibc.close(probe) }
    do throws(Errno) {
      try UnixSocket.connect(probe, to: path)
    } catch {
      if error.code == ECONNREFUSED {
        try retrying { unlink(path) }
        return
      }
      // A full queue of connections: somebody is there, too.
      if !error.wouldBlock { throw error }
    }
    throw Errno(code: EADDRINUSE)
  }

  private static func explanation(of error: Errno, _ path: String) -> EventServerError {
    switch error.code {
    case EADDRINUSE:
      EventServerError(
        .unavailable, at: path, "another daemon serves it", advice: "stop that one first, or name another path")
    case ENOTSOCK:
      EventServerError(
        .configuration, at: path, "is not a socket", advice: "move it away, or name another path")
    default:
      EventServerError(
        .configuration, at: path, "cannot listen there: \(error.words)",
        advice: "check the folder's owner and mode, and the group")
    }
  }

  private static func groupID(_ name: String) throws(EventServerError) -> gid_t {
    if let number = gid_t(name) { return number }
    guard let entry = getgrnam(name) else {
      throw EventServerError(
        .configuration, "there is no group \(name) for the socket",
        advice: "make it (groupadd --system \(name)) or name another")
    }
    return entry.pointee.gr_gid
  }
}
