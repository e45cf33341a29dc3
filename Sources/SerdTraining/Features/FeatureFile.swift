import Foundation
import Glibc
import SerdNetwork
import SerdSystem

/// The values of a feature set, in a file: read window by window, so that memory does not grow with the corpus; what is
/// read often stays in the kernel's page cache.
///
/// Read with pread(2), not mapped: a mapped file that another program cuts short ends the process.
struct FeatureFile: Sendable {
  /// Where it is; its name may be gone.
  let path: String
  private let descriptor: FileDescriptor

  /// A digest of the values stands before them.
  static let digestLength = 64

  /// Bytes of a file with so many values.
  static func size(ofValues count: Int) -> Int { digestLength + count * MemoryLayout<Float>.stride }

  /// A file with such values at `path`; nil if there is none, it has not as many (if that is known), or is damaged.
  init?(reading path: String, count: Int?) {
    guard let descriptor = try? FileDescriptor.reading(path), let status = try? descriptor.status(),
      count == nil || Int(status.st_size) == count.map(Self.size(ofValues:))
    else { return nil }
    self.path = path
    self.descriptor = descriptor
    var stored = [UInt8](repeating: 0, count: Self.digestLength)
    let isRead: Void? = stored.withUnsafeMutableBytes { try? read(at: 0, into: $0) }
    guard isRead != nil, stored == digest() else { return nil }
  }

  /// A new file with room for `count` values. It has a name of its own until it is renamed or removed.
  init(inFolder folder: String, count: Int) throws(Errno) {
    let name = "\(folder)/\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).part"
    descriptor = FileDescriptor(owning: try retrying { open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) })
    path = name
    let code = posix_fallocate(descriptor.number, 0, Self.size(ofValues: count))
    guard code == 0 else {
      unlink(path)
      throw Errno(code: code)
    }
  }

  /// A file that is gone with its last user: in `$TMPDIR`, or /var/tmp, which is a disk where /tmp may be memory.
  static func temporary(count: Int) throws(TrainingError) -> FeatureFile {
    let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/var/tmp"
    do throws(Errno) {
      let file = try FeatureFile(inFolder: folder, count: count)
      unlink(file.path)
      return file
    } catch {
      throw TrainingError(
        .cannotWrite, "cannot write \(size(ofValues: count) >> 20) MiB of features to \(folder): \(error.words)",
        advice: "free the disk, or set TMPDIR to a folder with room")
    }
  }

  /// Writes values from the value number `start` on. Several threads may write different ones.
  func write(_ values: [Float], at start: Int) throws(Errno) {
    let (size, place) = (values.count * MemoryLayout<Float>.stride, Self.size(ofValues: start))
    var done = 0
    while done < size {
      done += try retrying {
        values.withUnsafeBytes { pwrite(descriptor.number, $0.baseAddress! + done, size - done, place + done) }
      }
    }
  }

  /// Reads `count` values from the value number `start` on.
  func read(_ count: Int, at start: Int, into output: UnsafeMutablePointer<Float>) {
    let bytes = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: output, count: count))
    do throws(Errno) { try read(at: Self.size(ofValues: start), into: bytes) } catch {
      // A disk that breaks in the middle of a training: what was trained so far is in the checkpoint.
      fatalError("the features in \(path) cannot be read: \(error.words); the same command goes on where it stopped")
    }
  }

  private func read(at place: Int, into bytes: UnsafeMutableRawBufferPointer) throws(Errno) {
    var done = 0
    while done < bytes.count {
      let got = try retrying { pread(descriptor.number, bytes.baseAddress! + done, bytes.count - done, place + done) }
      guard got > 0 else { throw Errno(code: EIO) }
      done += got
    }
  }

  /// Writes the digest, once all values are there, and gives the file its name.
  func keep(as name: String) throws(Errno) {
    guard let digest = digest() else { throw Errno(code: EIO) }
    try retrying { pwrite(descriptor.number, digest, digest.count, 0) }
    try retrying { rename(path, name) }
  }

  /// SHA-256 of the values, in hexadecimal; nil if they cannot be read.
  private func digest() -> [UInt8]? {
    var hash = SHA256()
    var part = [UInt8](repeating: 0, count: 1 << 22)
    guard let size = try? Int(descriptor.status().st_size) else { return nil }
    for start in stride(from: Self.digestLength, to: size, by: part.count) {
      let count = min(part.count, size - start)
      let isRead: Void? = part.withUnsafeMutableBytes { part in
        let bytes = UnsafeMutableRawBufferPointer(rebasing: part[..<count])
        guard (try? read(at: start, into: bytes)) != nil else { return nil }
        hash.update(UnsafeRawBufferPointer(bytes))
        return ()
      }
      guard isRead != nil else { return nil }
    }
    return Array(hash.hexadecimal().utf8)
  }
}
