import Foundation
import SerdCorpora
import SerdNetwork

/// Features kept on disk, so that jobs and runs on the same recordings with the same settings compute them once.
///
/// A file per set, named by the SHA-256 of all that its values depend on: every recording's bytes, the settings, and
/// the program itself. It begins with the SHA-256 of the values; a damaged one is as good as none. Together the files
/// have at most `limit` bytes: the ones that were not used for longest go. Several processes may use one folder.
///
/// Not a place for anything that cannot be computed again.
package struct FeatureCache: Sendable {
  /// Where the files are.
  package let folder: String
  /// Bytes that all files together may have.
  package let limit: Int
  /// Bytes that must be left on the disk, for the run itself.
  static let reserve = 1 << 30

  /// A cache in a folder, which is made when something is kept.
  package init(folder: String, limit: Int = 8 << 30) {
    self.folder = folder
    self.limit = limit
  }

  /// `sertrain` in the user's cache folder: `$XDG_CACHE_HOME`, or `~/.cache` (XDG base directory specification). Nil
  /// without a home.
  package static var standard: FeatureCache? {
    let environment = ProcessInfo.processInfo.environment
    if let root = environment["XDG_CACHE_HOME"], root.hasPrefix("/") { return FeatureCache(folder: root + "/sertrain") }
    return environment["HOME"].flatMap { $0.hasPrefix("/") ? FeatureCache(folder: $0 + "/.cache/sertrain") : nil }
  }

  private func path(_ key: String) -> String { "\(folder)/\(key).features" }

  /// The values kept under a key; nil if there are none, not as many, or damaged ones.
  func values(key: String, count: Int) -> [Float]? {
    guard let file = FileHandle(forReadingAtPath: path(key)) else { return nil }
    defer { try? file.close() }
    let size = count * MemoryLayout<Float>.size
    guard let digest = try? file.read(upToCount: Self.digestLength), digest.count == Self.digestLength else {
      return nil
    }
    var isWhole = true
    let values = [Float](unsafeUninitializedCapacity: count) { values, filled in
      let bytes = UnsafeMutableRawBufferPointer(values)
      var place = 0
      while place < size {
        let got = read(file.fileDescriptor, bytes.baseAddress! + place, min(size - place, 1 << 30))
        guard got > 0 else { break }
        place += got
      }
      isWhole = place == size
      filled = isWhole ? count : 0
    }
    guard isWhole, Self.digest(of: values) == digest else { return nil }
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path(key))
    return values
  }

  /// Keeps values; makes room for them first. Values for which there is no room are not kept.
  ///
  /// - Throws: `TrainingError` if the folder cannot be written.
  func keep(_ values: [Float], key: String) throws(TrainingError) {
    let size = Self.digestLength + values.count * MemoryLayout<Float>.size
    guard size <= limit else { return }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try makeRoom(for: size)
      let disk = try FileManager.default.attributesOfFileSystem(forPath: folder)
      guard let free = disk[.systemFreeSize] as? Int, free >= size + Self.reserve else { return }
      let own = "\(folder)/\(UUID().uuidString).part"
      defer { unlink(own) }
      try Self.digest(of: values).write(to: URL(fileURLWithPath: own))
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: own))
      defer { try? file.close() }
      try file.seekToEnd()
      try values.withUnsafeBytes { bytes in
        for start in stride(from: 0, to: bytes.count, by: 1 << 26) {
          try file.write(contentsOf: Data(bytes[start..<min(start + 1 << 26, bytes.count)]))
        }
      }
      guard rename(own, path(key)) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    } catch {
      throw TrainingError(
        "cannot keep features in \(folder): \(TrainingError.reason(of: error))", kind: .cannotWrite,
        advice: "they are computed anew each time; free the disk, or set XDG_CACHE_HOME to another folder")
    }
  }

  /// Removes files of the cache, the longest unused first, until `size` bytes more are within the limit.
  private func makeRoom(for size: Int) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    var files = names.filter { $0.hasSuffix(".features") || $0.hasSuffix(".part") }.compactMap { name in
      let path = folder + "/" + name
      let known = try? FileManager.default.attributesOfItem(atPath: path)
      return (known?[.modificationDate] as? Date).map { (path, used: $0, size: known?[.size] as? Int ?? 0) }
    }.sorted { $0.used < $1.used }
    var total = files.reduce(size) { $0 + $1.size }
    while total > limit, let oldest = files.first {
      files.removeFirst()
      unlink(oldest.0)
      total -= oldest.size
    }
  }

  private static let digestLength = 64

  private static func digest(of values: [Float]) -> Data {
    var hash = SHA256()
    values.withUnsafeBytes { hash.update($0) }
    return Data(hash.hexadecimal().utf8)
  }
}
