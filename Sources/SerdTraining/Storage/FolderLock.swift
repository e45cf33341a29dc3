import Glibc
import SerdSystem

/// Keeps a folder of a run to one process, or one thread of it, at a time: flock(2) on a file in it, which ends with
/// the process however that ends.
///
/// Works between machines that share the folder as far as their file system passes such locks on (NFS since Linux
/// 2.6.12).
package struct FolderLock: Sendable {
  private let file: FileDescriptor

  /// Takes the lock; nil if somebody else has it, unless `isWaiting`.
  package init?(folder: String, isWaiting: Bool = false) throws(TrainingError) {
    let path = folder + "/lock"
    do throws(Errno) {
      let file = FileDescriptor(owning: try retrying { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) })
      try retrying { flock(file.number, isWaiting ? LOCK_EX : LOCK_EX | LOCK_NB) }
      self.file = file
    } catch {
      if error.wouldBlock { return nil }
      throw OutputFile.unwritable(path, error)
    }
  }

  /// Lets go of it. The file stays: removing it could take it from under somebody who waits.
  package func release() { flock(file.number, LOCK_UN) }
}
