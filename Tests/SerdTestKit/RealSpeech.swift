import Foundation

/// Corpora of real speech for tests. They are no part of the tree: their licences forbid it.
package enum RealSpeech {
  /// The folder that holds `emodb`, `ravdess` and `ravdess-native`: what the environment variable SERD_DATA names, else
  /// `../shared/data` beside the package, else nil.
  package static let folder: String? = {
    if let named = getenv("SERD_DATA") { return String(cString: named) }
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let beside = "/" + root + "/../shared/data"
    return access(beside, R_OK) == 0 ? beside : nil
  }()

  /// Why a test that needs a corpus is skipped, for `.enabled(if:, Comment(rawValue:))`: Swift 6.0.3 crashes on string
  /// interpolation in an attribute.
  package static let absence: String = "no real speech: set SERD_DATA to the folder of the corpora"

  /// Sound files below a folder of `folder`, sorted.
  package static func files(in part: String) -> [String] {
    guard let folder else { return [] }
    let root = folder + "/" + part
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".wav") || $0.hasSuffix(".flac") }.sorted().map { root + "/" + $0 }
  }
}
