import CSndFile
import Glibc
import Testing

/// A temporary folder for one test; gone with its last reference.
final class Scratch {
  let folder: String

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/serd-audio-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit {
    for name in names { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  private var names: [String] = []

  /// A path in the folder, removed with it.
  func path(_ name: String) -> String {
    names.append(name)
    return "\(folder)/\(name)"
  }

  /// Writes a file byte for byte.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = path(name)
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    return path
  }

  /// Writes samples (interleaved channels) through libsndfile; `format` as in SF_FORMAT_WAV | SF_FORMAT_PCM_16.
  func write(_ name: String, format: Int, rate: Int, channels: Int = 1, _ samples: [Float]) throws -> String {
    let path = path(name)
    var info = SF_INFO()
    info.samplerate = Int32(rate)
    info.channels = Int32(channels)
    info.format = Int32(format)
    let file = try #require(sf_open(path, Int32(SFM_WRITE), &info), "\(String(cString: sf_strerror(nil)))")
    defer { sf_close(file) }
    // Without this libsndfile wraps around at ±1.
    sf_command(file, Int32(SFC_SET_CLIPPING), nil, Int32(SF_TRUE))
    try #require(sf_write_float(file, samples, sf_count_t(samples.count)) == samples.count)
    return path
  }

  /// The bytes of a file.
  func bytes(of path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    try #require(fread(&bytes, 1, bytes.count, file) == bytes.count)
    return bytes
  }
}
