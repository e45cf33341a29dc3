import Glibc
import SerdSystem

/// A file of lines with a bound on its size: when it is full it becomes `NAME.1`, what was `NAME.1` becomes `NAME.2`,
/// and the oldest goes. A line is in it whole or not at all. For one writer.
struct LogFile {
  private enum State {
    case closed
    /// So many bytes are in it.
    case open(FileDescriptor, size: Int)
  }

  let path: String
  private let rotation: LogRotation
  private var state = State.closed

  /// The file at `path`, opened with the first line.
  init(path: String, rotation: LogRotation) {
    self.path = path
    self.rotation = rotation
  }

  /// Appends one line.
  mutating func append(_ line: [UInt8]) throws(Errno) {
    var (file, size) = try opened()
    if size > 0, size + line.count > rotation.largestSize {
      try rotate()
      (file, size) = try opened()
    }
    do throws(Errno) {
      try writeAll(line, to: file.number)
    } catch {
      // A full disk may have taken half of the line.
      _ = ftruncate(file.number, off_t(size))
      throw error
    }
    state = .open(file, size: size + line.count)
  }

  /// Closes the file; the next line opens it again, or a new one if somebody has moved it.
  mutating func close() { state = .closed }

  private mutating func opened() throws(Errno) -> (FileDescriptor, size: Int) {
    if case .open(let file, let size) = state { return (file, size) }
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY
    let file = FileDescriptor(owning: try retrying { open(FileName.cString(path), flags, 0o640) })
    let size = (try? file.status()).map { Int($0.st_size) } ?? 0
    state = .open(file, size: size)
    return (file, size)
  }

  private mutating func rotate() throws(Errno) {
    close()
    for number in stride(from: rotation.keptFiles - 1, to: 0, by: -1) {
      rename("\(path).\(number)", "\(path).\(number + 1)")
    }
    if rotation.keptFiles > 0 {
      try retrying { rename(path, "\(path).1") }
    } else {
      try retrying { unlink(path) }
    }
  }
}
