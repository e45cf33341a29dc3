import Dispatch
import Foundation
import Glibc
import SerdCorpora
import SerdEncoder
import SerdNetwork
import SerdSystem
import Synchronization

/// The pooled windows of a corpus, of every recording and version: what heads learn from, and are tested on.
///
/// In a file, and in the cache if there is one: EMO-DB without augmented versions and with three blocks has 20 MB. The
/// same for any number of threads.
package final class PooledFeatures: Sendable {
  /// Versions of each recording; 0 is what `serd --once` hears.
  package let versions: Int
  /// Values of a window: the share of speech, what the encoder pooled, and the cepstra's moments.
  package let windowSize: Int
  /// Whether they were read from the cache.
  package let isFromCache: Bool
  private let file: FeatureFile
  /// Where the windows of each version of each recording begin, counted in windows; one more for the end.
  private let starts: [Int]

  /// Computes the windows of all recordings, unless the cache has them.
  ///
  /// - Parameter progress: called with the number of recordings done, from any thread, in no order.
  /// - Throws: `TrainingError` that names a recording which cannot be read, or the file that cannot be written.
  package init(
    of corpus: Corpus, encoder: QuantisedEncoder, settings: PooledSettings, cache: FeatureCache? = nil,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(TrainingError) {
    let width = 1 + encoder.shape.pooledCount + 2 * settings.frontEnd.coefficients
    let all = 1 + settings.versions
    let entries = corpus.recordings.count * all
    (versions, windowSize) = (all, width)
    let key = cache == nil ? nil : FeatureCache.key(corpus: corpus, settings: settings, encoder: encoder)
    if let cache, let key, let kept = cache.file(key: key) {
      file = kept
      isFromCache = true
    } else {
      isFromCache = false
      var newFile: FeatureFile?
      if let cache, key != nil { newFile = try cache.newFile(count: entries) }
      if let newFile { file = newFile } else { file = try FeatureFile.temporary(count: entries) }
      try Self.compute(corpus, encoder, settings, into: file, progress: progress)
      if let cache, let key, newFile != nil { try cache.keep(file, key: key) }
    }
    var counts = [Float](repeating: 0, count: entries)
    counts.withUnsafeMutableBufferPointer { [file] in
      if let start = $0.baseAddress { file.read(entries, at: 0, into: start) }
    }
    starts = counts.reduce(into: [0]) { $0.append($0.last! + Int($1)) }
  }

  /// The windows with speech of a version of a recording, `windowSize` values each.
  package func windows(recording: Int, version: Int) -> [Float] {
    let entry = recording * versions + version
    let count = (starts[entry + 1] - starts[entry]) * windowSize
    return Array(unsafeUninitializedCapacity: count) { values, initialized in
      if let start = values.baseAddress, count > 0 {
        file.read(count, at: starts.count - 1 + starts[entry] * windowSize, into: start)
      }
      initialized = count
    }
  }

  /// Recordings computed before what they gave is written.
  private static let chunk = 64

  private static func compute(
    _ corpus: Corpus, _ encoder: QuantisedEncoder, _ settings: PooledSettings, into file: FeatureFile,
    progress: @escaping @Sendable (Int) -> Void
  ) throws(TrainingError) {
    let (recordings, all) = (corpus.recordings, 1 + settings.versions)
    var counts: [Float] = []
    var place = recordings.count * all
    let done = Mutex(0)
    let makers = Mutex(
      (0..<ProcessInfo.processInfo.activeProcessorCount).map { _ in
        Maker(versions: PooledVersions(encoder, settings: settings))
      })
    for start in stride(from: 0, to: recordings.count, by: chunk) {
      let some = start..<min(start + chunk, recordings.count)
      let results = Mutex([Int: Result<[[[Float]]], TrainingError>]())
      DispatchQueue.concurrentPerform(iterations: some.count) { offset in
        let index = some.lowerBound + offset
        let maker = makers.withLock { $0.removeLast() }
        let result = Result { () throws(TrainingError) in
          try maker.versions.windows(of: recordings[index], index: index)
        }
        makers.withLock { $0.append(maker) }
        results.withLock { $0[index] = result }
        progress(
          done.withLock {
            $0 += 1
            return $0
          })
      }
      let found = results.withLock { $0 }
      for index in some {
        for version in try found[index]!.get() {
          counts.append(Float(version.count))
          let values = version.flatMap { $0 }
          do throws(Errno) { try file.write(values, at: place) } catch {
            throw OutputFile.unwritable(file.path, error)
          }
          place += values.count
        }
      }
    }
    do throws(Errno) { try file.write(counts, at: 0) } catch { throw OutputFile.unwritable(file.path, error) }
  }

  /// One per thread. Handed from thread to thread under a lock, never used by two at once.
  private struct Maker: @unchecked Sendable {
    let versions: PooledVersions
  }
}
