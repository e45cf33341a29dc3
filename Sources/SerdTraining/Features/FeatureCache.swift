import Foundation
import Glibc
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

  /// `sertrain` in the user's cache folder: `$XDG_CACHE_HOME`, or `~/.cache` (XDG base directory specification), with
  /// the limit of `$SERTRAIN_CACHE_GIB`. Nil without a home.
  package static func standard(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(TrainingError) -> FeatureCache? {
    let named = environment["SERTRAIN_CACHE_GIB"] ?? ""
    guard let gibibytes = named.isEmpty ? 8 : Int(named), (0...1 << 20).contains(gibibytes) else {
      throw TrainingError(
        .usage, "the environment variable SERTRAIN_CACHE_GIB: '\(named)' is no number of GiB", advice: "try 8")
    }
    let limit = gibibytes << 30
    if let root = environment["XDG_CACHE_HOME"], root.hasPrefix("/") {
      return FeatureCache(folder: root + "/sertrain", limit: limit)
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return FeatureCache(folder: home + "/.cache/sertrain", limit: limit)
  }

  private func path(_ key: String) -> String { "\(folder)/\(key).features" }

  /// What is kept under a key; nil if there is nothing, not as many values, or a damaged file.
  func file(key: String, count: Int? = nil) -> FeatureFile? {
    guard let file = FeatureFile(reading: path(key), count: count) else { return nil }
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path(key))
    return file
  }

  /// A file for `count` values that are to be kept; makes room for it first. Nil if they are too many to be kept.
  ///
  /// - Throws: `TrainingError` if the folder cannot be written.
  func newFile(count: Int) throws(TrainingError) -> FeatureFile? {
    let size = FeatureFile.size(ofValues: count)
    guard size <= limit else { return nil }
    do throws(Errno) {
      try OutputFile.makeFolders(folder)
      makeRoom(for: size)
      var disk = statvfs()
      try retrying { statvfs(folder, &disk) }
      guard Int(disk.f_bavail) * Int(disk.f_frsize) >= size + Self.reserve else { return nil }
      return try FeatureFile(inFolder: folder, count: count)
    } catch {
      throw unwritable(error)
    }
  }

  /// Keeps a new file, whose values are all there now, under a key.
  func keep(_ file: FeatureFile, key: String) throws(TrainingError) {
    do throws(Errno) { try file.keep(as: path(key)) } catch {
      unlink(file.path)
      throw unwritable(error)
    }
  }

  private func unwritable(_ error: Errno) -> TrainingError {
    TrainingError(
      .cannotWrite, "cannot keep features in \(folder): \(error.words)",
      advice: "they are computed anew each time; free the disk, or set XDG_CACHE_HOME to another folder")
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
}
