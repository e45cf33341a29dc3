import Foundation
import SerdCorpora
import SerdEncoder
import SerdFeatures
import SerdNetwork

extension FeatureCache {
  /// SHA-256 of all that a corpus's features depend on. Nil if a recording cannot be read, for the builder to say so.
  ///
  /// Cost: all files are read once.
  static func key(corpus: Corpus, settings: FeatureSettings) -> String? {
    guard let settings = try? StableJSON.data(settings) else { return nil }
    return key(corpus: corpus, settings: [UInt8](settings) + [0])
  }

  /// The same for pooled features, which depend on the encoder, too.
  static func key(corpus: Corpus, settings: PooledSettings, encoder: QuantisedEncoder) -> String? {
    guard let settings = try? StableJSON.data(settings) else { return nil }
    return key(corpus: corpus, settings: [UInt8](settings) + encoder.serialised())
  }

  private static func key(corpus: Corpus, settings: [UInt8]) -> String? {
    var hash = SHA256()
    hash.update(program ?? "")
    hash.update(FrontEndKernels.best.name)
    hash.update(settings)
    var known: [String: String] = [:]
    for recording in corpus.recordings {
      let path = recording.path
      guard let digest = known[path] ?? sha256(ofFile: path) else { return nil }
      known[path] = digest
      hash.update(digest)
      hash.update(recording.span.map { "\($0)" } ?? "whole")
    }
    return hash.hexadecimal()
  }

  /// SHA-256 of the running program: other code may compute other features. Where a loader was started in its place, as
  /// by `tools/portable-sertrain`, it is the loader's, and only the trial of one recording tells other code.
  private static let program = sha256(ofFile: "/proc/self/exe")

  private static func sha256(ofFile path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    var hash = SHA256()
    do {
      while let part = try file.read(upToCount: 1 << 22), !part.isEmpty { part.withUnsafeBytes { hash.update($0) } }
    } catch { return nil }
    return hash.hexadecimal()
  }
}
