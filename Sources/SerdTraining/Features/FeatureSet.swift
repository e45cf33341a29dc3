import Foundation
import Glibc
import SerdCorpora
import SerdFeatures
import SerdSystem

/// The MFCC windows of a corpus, of every recording: the plain one, its augmented versions, and, not for training, the
/// one that `serd --once` classifies, with its noise floor.
///
/// Unscaled but for the gain step, since standardisation is learned per fold. Computed on all cores, the same for any
/// number of threads; or read from a `FeatureCache`. They are in a file (EMO-DB with 25 versions of 2 s and 60
/// coefficients: 400 MB), and memory holds none of them.
package final class FeatureSet: Sendable {
  /// The front end, without standardisation.
  package let frontEnd: FrontEndSettings
  /// Frames per window.
  package let frames: Int
  /// Values per window.
  package let windowSize: Int
  /// Windows of each recording to train on: 1 + augmented versions; index 0 is the plain one.
  package let versions: Int
  /// Index of the window that `serd --once` classifies.
  package var evaluationVersion: Int { versions }
  /// Whether they were read from the cache.
  package let isFromCache: Bool
  /// Why they could not be kept in the cache; nil if they were, or had not to be.
  package let cacheProblem: TrainingError?
  private let file: FeatureFile

  /// Reads all recordings of a corpus and computes their windows, unless the cache has them.
  ///
  /// What the cache has is tried on one recording: a file that another program has left under the same key does not
  /// pass.
  ///
  /// - Parameter progress: called with the number of recordings done, from any thread, in no order.
  /// - Throws: `TrainingError` that names the first recording which cannot be read.
  package init(
    of corpus: Corpus, settings: FeatureSettings, cache: FeatureCache? = nil,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(TrainingError) {
    frontEnd = settings.frontEnd
    frames = settings.frames
    windowSize = frames * frontEnd.coefficients
    versions = 1 + settings.versions.count
    let work = FeatureWork(corpus: corpus, settings: settings, progress: progress)
    let count = corpus.recordings.count * work.valuesPerRecording
    let key = cache == nil ? nil : FeatureCache.key(corpus: corpus, settings: settings)
    if let cache, let key, let kept = cache.file(key: key, count: count), try work.agrees(with: kept) {
      file = kept
      isFromCache = true
      cacheProblem = nil
      return
    }
    isFromCache = false
    var problem: TrainingError?
    var toKeep: FeatureFile?
    if let cache, key != nil {
      do throws(TrainingError) { toKeep = try cache.newFile(count: count) } catch { problem = error }
    }
    if let toKeep { file = toKeep } else { file = try FeatureFile.temporary(count: count) }
    do throws(TrainingError) { try work.run(into: file) } catch {
      unlink(file.path)
      throw error
    }
    if let cache, let key, let toKeep {
      do throws(TrainingError) { try cache.keep(toKeep, key: key) } catch { problem = error }
    }
    cacheProblem = problem
  }

  /// Calls `body` with the window of a recording; `version` 0 is the plain one, `evaluationVersion` the one to
  /// evaluate.
  package func withWindow<Result>(recording: Int, version: Int, _ body: (UnsafePointer<Float>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: windowSize) { window in
      let start = window.baseAddress!
      file.read(windowSize, at: (recording * (versions + 1) + version) * windowSize, into: start)
      return body(start)
    }
  }
}
