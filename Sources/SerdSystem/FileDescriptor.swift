import CLinux
import Glibc

/// An open file that closes itself with its last reference.
package final class FileDescriptor: Sendable {
  package let number: Int32

  /// Takes over an open descriptor, which nobody else may close.
  package init(owning number: Int32) {
    self.number = number
  }

  deinit {
    // An error of close(2) after reading has nothing to tell.
    _ = close(number)
  }

  /// Opens a file for reading, by its name as `FileName` keeps it.
  package static func reading(_ path: String) throws(Errno) -> FileDescriptor {
    FileDescriptor(owning: Int32(try retrying { Int(open(FileName.cString(path), O_RDONLY | O_CLOEXEC | O_NOCTTY)) }))
  }

  /// A second descriptor for the same open file; the first stays its owner's.
  package static func duplicate(of number: Int32) throws(Errno) -> FileDescriptor {
    FileDescriptor(owning: Int32(try retrying { Int(fcntl(number, F_DUPFD_CLOEXEC, 0)) }))
  }

  /// A file in memory, without a name, gone with its descriptor.
  package static func inMemory() throws(Errno) -> FileDescriptor {
    FileDescriptor(owning: Int32(try retrying { Int(memfd_create("serd", UInt32(SERD_MFD_CLOEXEC))) }))
  }

  /// Size, kind and owner of the file.
  package func status() throws(Errno) -> stat {
    var status = stat()
    _ = try retrying { Int(fstat(number, &status)) }
    return status
  }

  /// Where the next read would begin, in bytes from the start of the file.
  package func position() throws(Errno) -> Int { try retrying { lseek(number, 0, SEEK_CUR) } }

  /// The first bytes of what waits in a pipe, at most `count`, without taking them out. Waits for the writer's first
  /// bytes; fewer than `count` if it has written fewer so far, none if it closed the pipe.
  package func peek(_ count: Int) throws(Errno) -> [UInt8] {
    var ends: [Int32] = [-1, -1]
    _ = try retrying { Int(pipe(&ends)) }
    let copy = FileDescriptor(owning: ends[0])
    let entrance = FileDescriptor(owning: ends[1])
    let waiting = try retrying { tee(number, entrance.number, count, 0) }
    var bytes = [UInt8](repeating: 0, count: waiting)
    if waiting > 0 { _ = try retrying { read(copy.number, &bytes, waiting) } }
    return bytes
  }

  /// The next bytes, at most `largest`: to the end, or EFBIG if there are more. Files of the kernel's have no size;
  /// others are read in one piece.
  package func rest(largest: Int) throws(Errno) -> [UInt8] {
    let size = Int(try status().st_size)
    guard size <= largest else { throw Errno(code: EFBIG) }
    var bytes = [UInt8](repeating: 0, count: min(largest, max(size, 4095)) + 1)
    var filled = 0
    while true {
      let start = filled
      let count = try retrying {
        bytes.withUnsafeMutableBytes { read(number, $0.baseAddress! + start, $0.count - start) }
      }
      if count == 0 { break }
      filled += count
      guard filled <= largest else { throw Errno(code: EFBIG) }
      if filled == bytes.count { bytes += [UInt8](repeating: 0, count: min(bytes.count, largest + 1 - bytes.count)) }
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Copies what is left of this file to the end of another, at most `limit` bytes, and goes back to the start of the
  /// other. Returns false if there is more than `limit`.
  package func copy(to other: FileDescriptor, limit: Int) throws(Errno) -> Bool {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var copied = 0
    while true {
      let count = try retrying { read(number, &block, block.count) }
      if count == 0 { break }
      if copied + count > limit { return false }
      try writeAll(block[..<count], to: other.number)
      copied += count
    }
    _ = try retrying { Int(lseek(other.number, 0, SEEK_SET)) }
    return true
  }
}
