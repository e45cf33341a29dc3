import Dispatch
import SerdCorpora
import SerdFeatures
import Synchronization

/// The MFCC windows of a corpus, of every recording: the plain one, its augmented versions, and, not for training, the
/// one that `serd --once` classifies, with its noise floor.
///
/// Unscaled but for the gain step, since standardisation is learned per fold. Computed on all cores (EMO-DB with 25
/// versions: 280 MB, and twice that for a moment), the same for any number of threads; or read from a `FeatureCache`.
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
  private let values: [Float]

  /// Reads all recordings of a corpus and computes their windows, unless the cache has them.
  ///
  /// What the cache has is tried on one recording: a file that another program has left under the same key does not
  /// pass.
  ///
  /// - Throws: `TrainingError` that names the first recording which cannot be read.
  package init(of corpus: Corpus, settings: FeatureSettings, cache: FeatureCache? = nil) throws(TrainingError) {
    frontEnd = settings.frontEnd
    frames = settings.frames
    windowSize = frames * frontEnd.coefficients
    versions = 1 + settings.versions.count
    let builder = WindowBuilder(settings: settings, speakers: corpus.trainedSpeakers)
    let perRecording = (1 + versions) * windowSize
    let count = corpus.recordings.count * perRecording
    let key = cache == nil ? nil : FeatureCache.key(corpus: corpus, settings: settings)
    if let cache, let key, let kept = cache.values(key: key, count: count) {
      let tried = corpus.recordings.count / 2
      let fresh = try builder.windows(of: corpus.recordings[tried], index: tried).get()
      if kept[tried * perRecording..<(tried + 1) * perRecording].elementsEqual(fresh) {
        values = kept
        isFromCache = true
        cacheProblem = nil
        return
      }
    }
    let results = Mutex<[Int: Result<[Float], TrainingError>]>([:])
    DispatchQueue.concurrentPerform(iterations: corpus.recordings.count) { index in
      let result = builder.windows(of: corpus.recordings[index], index: index)
      results.withLock { $0[index] = result }
    }
    var values: [Float] = []
    values.reserveCapacity(count)
    for index in corpus.recordings.indices { values += try results.withLock { $0[index]! }.get() }
    self.values = values
    isFromCache = false
    var problem: TrainingError?
    if let cache, let key {
      do { try cache.keep(values, key: key) } catch { problem = error }
    }
    cacheProblem = problem
  }

  /// Calls `body` with the window of a recording; `version` 0 is the plain one, `evaluationVersion` the one to
  /// evaluate.
  package func withWindow<Result>(recording: Int, version: Int, _ body: (UnsafePointer<Float>) -> Result) -> Result {
    values.withUnsafeBufferPointer { body($0.baseAddress! + (recording * (versions + 1) + version) * windowSize) }
  }
}
