import Glibc
import SerdAudio
import SerdNetwork
import SerdSystem
import Synchronization

/// A model read from disk, with what identifies it in output.
package struct LoadedModel: Sendable {
  /// The checked model.
  package let model: Model
  /// Where it was read from.
  package let path: String
  /// Of the file's bytes, in hexadecimal.
  package let sha256: String

  /// Reads and checks the model at `path`.
  package init(path: String) throws(ModelFileError) {
    let bytes = try ModelFile.bytes(path: path)
    let digest = BackgroundDigest(of: bytes)
    do throws(ModelFileError) {
      model = try Model(parsing: bytes)
    } catch {
      throw error.at("model \(path)")
    }
    self.path = path
    sha256 = digest.value()
  }

  /// Where the default model is: installed beside the program (`../share/serd/models`), or in a source tree above it.
  package static func defaultPath() throws(ModelFileError) -> String {
    let file = "models/emodb.safetensors"
    var folder = executableFolder()
    var candidates = ["\(folder)/../share/serd/\(file)"]
    while !folder.isEmpty {
      candidates.append("\(folder)/\(file)")
      folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
    }
    if let found = candidates.first(where: { access($0, R_OK) == 0 }) { return found }
    throw ModelFileError(
      .noInput, "the default model, \(file), was not found", advice: "name a model")
  }

  /// The folder of the running program, without a trailing slash.
  private static func executableFolder() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(decoding: buffer.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}

/// The hash of a file, worked out while something else is done with it. Half of the time to load a model goes into two
/// hashes: this one, and that of its content, which `QuantisedModel` checks.
private final class BackgroundDigest {
  private final class Result: Sendable {
    let text = Mutex("")
  }

  private let bytes: [UInt8]
  private let result = Result()
  private let thread: WorkThread?

  init(of bytes: [UInt8]) {
    self.bytes = bytes
    let result = result
    thread = try? WorkThread(name: "serd-hash") {
      let text = ModelFile.sha256(of: bytes)
      result.text.withLock { $0 = text }
    }
  }

  deinit { thread?.join() }

  /// Waits for it; works it out here if there was no thread to be had.
  func value() -> String {
    guard let thread else { return ModelFile.sha256(of: bytes) }
    thread.join()
    return result.text.withLock { $0 }
  }
}
