import Foundation
import Glibc
import SerdCorpora

/// Files that a run writes: whole ones, whoever else writes them, whenever it is killed.
package enum OutputFile {
  /// How the name of a file ends that is being written.
  private static let partSuffix = ".part"

  /// Writes a file beside its place, under a name of its own, and renames it; of several writers the last one wins.
  package static func write(_ data: Data, to file: String) throws(TrainingError) {
    let new = "\(file).\(UUID().uuidString.prefix(8))\(partSuffix)"
    let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw unwritable(file, errno) }
    var problem: Int32 = 0
    data.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count, problem == 0 {
        let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        if count >= 0 { written += count } else if errno != EINTR { problem = errno }
      }
    }
    // Some disks say only here that they are full.
    if close(descriptor) != 0, problem == 0 { problem = errno }
    if problem == 0, rename(new, file) != 0 { problem = errno }
    guard problem == 0 else {
      unlink(new)
      throw unwritable(file, problem)
    }
  }

  /// Makes a file that is not there, whole; one that another process has made meanwhile is left as it is.
  static func create(_ data: Data, at file: String) throws {
    let own = "\(file).\(UUID().uuidString)"
    try write(data, to: own)
    defer { unlink(own) }
    guard link(own, file) != 0, errno != EEXIST else { return }
    // Some file systems have no links. There the last of several beginners wins, who has most likely the same to say.
    try write(data, to: file)
  }

  /// Removes what a process left half written that was killed. To be called by who has the folder's lock.
  static func removeLeftovers(in folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasSuffix(partSuffix) {
      unlink("\(folder)/\(name)")
    }
  }

  /// Makes a folder that a run is to have, or says why it cannot, before anything else takes time.
  package static func makeFolder(_ path: String) throws(TrainingError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw unwritable(path, TrainingError.reason(of: error))
    }
  }

  static func unwritable(_ file: String, _ code: Int32) -> TrainingError {
    unwritable(file, String(cString: strerror(code)))
  }

  static func unwritable(_ file: String, _ reason: String) -> TrainingError {
    let isFull = [ENOSPC, EDQUOT].contains { reason == String(cString: strerror($0)) }
    return TrainingError(
      "cannot write \(file): \(reason)", kind: .cannotWrite,
      advice: isFull
        ? "free the disk or name another folder; the same command then goes on" : "name a place that you may write to")
  }
}
