import Glibc
import SerdNetwork

/// A model read from disk, with what identifies it in output.
public struct LoadedModel: Sendable {
  /// The checked model.
  public let model: QuantisedModel
  /// Where it was read from.
  public let path: String
  /// Of the file's bytes, in hexadecimal.
  public let sha256: String

  /// Reads and checks the int8 model at `path`.
  public init(path: String) throws(ModelFileError) {
    let bytes = try ModelFile.bytes(path: path)
    do throws(ModelFileError) {
      model = try QuantisedModel(parsing: bytes)
    } catch {
      throw ModelFileError("model \(path): \(error.problem)", kind: error.kind, advice: error.advice)
    }
    self.path = path
    sha256 = ModelFile.sha256(of: bytes)
  }

  /// Where the default model is: installed beside the program (`../share/serd/models`), or in a source tree above it.
  public static func defaultPath() throws(ModelFileError) -> String {
    let file = "models/emodb.safetensors"
    var folder = executableFolder()
    var candidates = ["\(folder)/../share/serd/\(file)"]
    while !folder.isEmpty {
      candidates.append("\(folder)/\(file)")
      folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
    }
    if let found = candidates.first(where: { access($0, R_OK) == 0 }) { return found }
    throw ModelFileError(
      "the default model, \(file), was not found", kind: .noInput, advice: "name a model with --model")
  }

  /// The folder of the running program, without a trailing slash.
  private static func executableFolder() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(decoding: buffer.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}
