import Glibc
import SerdSystem

/// A file of lines with a bound on its size: when it is full it becomes `NAME.1`, what was `NAME.1` becomes `NAME.2`, and the
/// oldest goes. A line is in it whole or not at all. For one writer.
struct LogFile {
  let path: String
  private let rotation: LogRotation
  private var descriptor: Int32 = -1
  private var size = 0

  /// The file at `path`, opened with the first line.
  init(path: String, rotation: LogRotation) {
    self.path = path
    self.rotation = rotation
  }

  /// Appends one line.
  mutating func append(_ line: [UInt8]) throws(Errno) {
    if descriptor < 0 { try open() }
    if size > 0, size + line.count > rotation.largestSize { try rotate() }
    do throws(Errno) {
      try writeAll(line, to: descriptor)
    } catch {
      // A full disk may have taken half of the line.
      _ = ftruncate(descriptor, off_t(size))
      throw error
    }
    size += line.count
  }

  /// Closes the file; the next line opens it again, or a new one if somebody has moved it.
  mutating func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  private mutating func open() throws(Errno) {
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY
    descriptor = try retrying { Glibc.open(path, flags, 0o640) }
    var status = stat()
    size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
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
    try open()
  }
}
