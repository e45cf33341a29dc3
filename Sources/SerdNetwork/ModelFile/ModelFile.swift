import Glibc
import SerdSystem

/// Reads model files from disk.
package enum ModelFile {
  /// Larger files are refused unread; a wide float model has 5 MB.
  package static let largestSize = 64 << 20

  /// Bytes of the file at `path`.
  package static func bytes(path: String) throws(ModelFileError) -> [UInt8] {
    do throws(Errno) {
      let file = try FileDescriptor.reading(path)
      let status = try file.status()
      guard status.st_mode & S_IFMT == S_IFREG else { throw Errno(code: EISDIR) }
      return try file.rest(largest: largestSize)
    } catch {
      throw unreadable(path, error)
    }
  }

  /// SHA-256 of a file's bytes, in hexadecimal: what identifies a model in serd's output.
  package static func sha256(of bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexadecimal()
  }

  private static func unreadable(_ path: String, _ error: Errno) -> ModelFileError {
    let place = "model \(path)"
    let advice = "give the path of a .safetensors file"
    return switch error.code {
    case EISDIR: ModelFileError(.noInput, at: place, "is not a file", advice: advice)
    case EFBIG: ModelFileError("is larger than the \(largestSize) bytes that are read").at(place)
    default: ModelFileError(.noInput, at: place, "cannot be read: \(error.words)", advice: advice)
    }
  }
}
