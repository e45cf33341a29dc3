import Foundation
import Glibc
import SerdNetwork
import SerdSystem

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
    guard let file = try? FileDescriptor.reading(path(key)) else { return nil }
    var digest = [UInt8](repeating: 0, count: Self.digestLength)
    guard digest.withUnsafeMutableBytes({ Self.fill($0, from: file) }) else { return nil }
    let values = [Float](unsafeUninitializedCapacity: count) { values, filled in
      filled = Self.fill(UnsafeMutableRawBufferPointer(values), from: file) ? count : 0
    }
    guard values.count == count, Self.digest(of: values) == digest else { return nil }
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path(key))
    return values
  }

  /// Reads as much as there is room for; whether there was so much.
  private static func fill(_ bytes: UnsafeMutableRawBufferPointer, from file: FileDescriptor) -> Bool {
    var place = 0
    while place < bytes.count {
      let got = try? retrying { read(file.number, bytes.baseAddress! + place, min(bytes.count - place, 1 << 30)) }
      guard let got, got > 0 else { return false }
      place += got
    }
    return true
  }

  /// Keeps values; makes room for them first. Values for which there is no room are not kept.
  ///
  /// - Throws: `TrainingError` if the folder cannot be written.
  func keep(_ values: [Float], key: String) throws(TrainingError) {
    let size = Self.digestLength + values.count * MemoryLayout<Float>.size
    guard size <= limit else { return }
    do throws(Errno) {
      try OutputFile.makeFolders(folder)
      makeRoom(for: size)
      var disk = statvfs()
      try retrying { statvfs(folder, &disk) }
      guard Int(disk.f_bavail) * Int(disk.f_frsize) >= size + Self.reserve else { return }
      try AtomicFile.write(to: path(key)) { descriptor throws(Errno) in
        try writeAll(Self.digest(of: values), to: descriptor)
        for start in stride(from: 0, to: values.count, by: 1 << 22) {
          let part = values[start..<min(start + 1 << 22, values.count)]
          try writeAll(part.withUnsafeBytes { Array($0) }, to: descriptor)
        }
      }
    } catch {
      throw TrainingError(
        .cannotWrite, "cannot keep features in \(folder): \(error.words)",
        advice: "they are computed anew each time; free the disk, or set XDG_CACHE_HOME to another folder")
    }
  }

  /// Removes files of the cache, the longest unused first, until `size` bytes more are within the limit.
  private func makeRoom(for size: Int) {
    let kept = names(inFolder: folder).filter { $0.hasSuffix(".features") || $0.hasSuffix(".part") }
    var files = kept.compactMap { name in
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

  private static func digest(of values: [Float]) -> [UInt8] {
    var hash = SHA256()
    values.withUnsafeBytes { hash.update($0) }
    return Array(hash.hexadecimal().utf8)
  }
}
