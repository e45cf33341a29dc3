import Glibc

/// Reads model files from disk.
package enum ModelFile {
  /// Larger files are refused unread; a wide float model has 5 MB.
  package static let largestSize = 64 << 20

  /// Bytes of the file at `path`.
  package static func bytes(path: String) throws(ModelFileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ModelFileError(
        "model \(path) is not a file", kind: .noInput, advice: "name a .safetensors file with --model")
    }
    guard status.st_size <= largestSize else {
      throw ModelFileError("model \(path) has \(status.st_size) bytes, more than the \(largestSize) that are read")
    }
    var content = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < content.count {
      let count = content.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + filled, $0.count - filled) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw unreadable(path, count < 0 ? errno : EIO) }
      filled += count
    }
    return content
  }

  /// SHA-256 of a file's bytes, in hexadecimal: what identifies a model in serd's output.
  package static func sha256(of bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexadecimal()
  }

  private static func unreadable(_ path: String, _ code: Int32) -> ModelFileError {
    ModelFileError(
      "cannot read model \(path): \(String(cString: strerror(code)))", kind: .noInput,
      advice: "name a .safetensors file with --model")
  }
}
