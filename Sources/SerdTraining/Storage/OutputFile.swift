import Foundation
import Glibc
import SerdSystem

/// Files that a run writes: whole ones, whoever else writes them, whenever it is killed.
package enum OutputFile {
  /// Writes a file in place of the one before; of several writers the last one wins.
  package static func write(_ data: some Collection<UInt8>, to file: String) throws(TrainingError) {
    do throws(Errno) { try AtomicFile.write(data, to: file) } catch { throw unwritable(file, error) }
  }

  /// Makes a file that is not there, whole; one that another process has made meanwhile is left as it is.
  static func create(_ data: some Collection<UInt8>, at file: String) throws(TrainingError) {
    let own = "\(file).\(UUID().uuidString)"
    try write(data, to: own)
    defer { unlink(own) }
    guard link(own, file) != 0, errno != EEXIST else { return }
    // Some file systems have no links. There the last of several beginners wins, who has most likely the same to say.
    try write(data, to: file)
  }

  /// Adds a line, in one write: those who add at the same time do not overwrite each other. `body` sees the file locked
  /// before, and may refuse the line.
  static func append(
    _ line: some Collection<UInt8>, to file: String, unless body: ((_ known: [UInt8]) -> Bool)? = nil
  ) throws(TrainingError) {
    do throws(Errno) {
      let flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC
      let target = FileDescriptor(owning: try retrying { open(file, flags, 0o644) })
      if let body {
        try retrying { flock(target.number, LOCK_EX) }
        if body(try target.rest(largest: Int(Int32.max))) { return }
      }
      let bytes = Array(line)
      let before = try target.status().st_size
      let count = try retrying { Glibc.write(target.number, bytes, bytes.count) }
      guard count == bytes.count else {
        // A line that is not whole would hide the next one.
        if body != nil { ftruncate(target.number, before) }
        throw Errno(code: ENOSPC)
      }
    } catch {
      throw unwritable(file, error)
    }
  }

  /// Makes a folder that a run is to have, and those above it, or says why it cannot, before anything else takes time.
  package static func makeFolder(_ path: String) throws(TrainingError) {
    do throws(Errno) { try makeFolders(path) } catch { throw unwritable(path, error) }
  }

  /// `mkdir -p`.
  static func makeFolders(_ path: String) throws(Errno) {
    func isThere() -> Bool {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
    do throws(Errno) { try retrying { mkdir(path, 0o777) } } catch {
      if isThere() { return }
      let parent = (path as NSString).deletingLastPathComponent
      guard error.code == ENOENT, !parent.isEmpty, parent != path else { throw error }
      try makeFolders(parent)
      // Another process may make it at the same moment.
      do throws(Errno) { try retrying { mkdir(path, 0o777) } } catch { guard isThere() else { throw error } }
    }
  }

  static func unwritable(_ file: String, _ error: Errno) -> TrainingError {
    let isFull = error.code == ENOSPC || error.code == EDQUOT
    return TrainingError(
      .cannotWrite, "cannot write \(file): \(error.words)",
      advice: isFull
        ? "free the disk or name another folder; the same command then goes on" : "name a place that you may write to")
  }
}
