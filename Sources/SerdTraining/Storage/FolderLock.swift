import Glibc

/// Keeps a folder of a run to one process, or one thread of it, at a time: flock(2) on a file in it, which ends with
/// the process however that ends.
///
/// Works between machines that share the folder as far as their file system passes such locks on (NFS since Linux
/// 2.6.12).
package struct FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock; nil if somebody else has it, unless `isWaiting`.
  package init?(folder: String, isWaiting: Bool = false) throws {
    let file = folder + "/lock"
    descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw OutputFile.unwritable(file, String(cString: strerror(errno))) }
    while flock(descriptor, isWaiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      let reason = errno
      if reason == EINTR { continue }
      close(descriptor)
      if reason == EWOULDBLOCK { return nil }
      throw OutputFile.unwritable(file, String(cString: strerror(reason)))
    }
  }

  /// Lets go of it. The file stays: removing it could take it from under somebody who waits.
  package func release() { close(descriptor) }
}
