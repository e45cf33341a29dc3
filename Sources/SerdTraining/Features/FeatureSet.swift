import Dispatch
import SerdAudio
import SerdCorpora
import SerdFeatures
import SerdLearning
import SerdNetwork
import Synchronization

/// The MFCC windows of a corpus, of every recording: the plain one, its augmented versions, and, not for training, the one that
/// `serd --once` classifies, with its noise floor.
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
  /// What the cache has is tried on one recording: a file that another program has left under the same key does not pass.
  ///
  /// - Throws: `TrainingError` that names the first recording which cannot be read.
  package init(
    corpus: Corpus, frontEnd: FrontEndSettings, frames: Int, versions: ClipVersions, seed: UInt64,
    preparation: Preparation? = nil, cache: FeatureCache? = nil
  ) throws(TrainingError) {
    self.frontEnd = frontEnd
    self.frames = frames
    let size = frames * frontEnd.coefficients
    windowSize = size
    self.versions = 1 + versions.count
    let builder = Builder(
      frontEnd: frontEnd, frames: frames, versions: versions, seed: seed, preparation: preparation,
      speakers: corpus.trainedSpeakers)
    let perRecording = (2 + versions.count) * size
    let count = corpus.recordings.count * perRecording
    let key = cache == nil ? nil : Self.key(corpus, frontEnd, frames, versions, seed, preparation)
    if let cache, let key, let kept = cache.values(key: key, count: count) {
      let tried = corpus.recordings.count / 2
      let fresh = try builder.windows(of: corpus.recordings[tried], index: tried).get()
      if kept[tried * perRecording..<(tried + 1) * perRecording].elementsEqual(fresh) {
        (values, isFromCache, cacheProblem) = (kept, true, nil)
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

  private static func key(
    _ corpus: Corpus, _ frontEnd: FrontEndSettings, _ frames: Int, _ versions: ClipVersions, _ seed: UInt64,
    _ preparation: Preparation?
  ) -> String? {
    let settings: [any Encodable] = [frontEnd, frames, versions, seed, preparation.map { [$0] } ?? []]
    return (try? FeatureCache.key(corpus: corpus, settings: settings)) ?? nil
  }

  /// Calls `body` with the window of a recording; `version` 0 is the plain one, `evaluationVersion` the one to evaluate.
  package func withWindow<Result>(recording: Int, version: Int, _ body: (UnsafePointer<Float>) -> Result) -> Result {
    values.withUnsafeBufferPointer { body($0.baseAddress! + (recording * (versions + 1) + version) * windowSize) }
  }

  /// Mean and reciprocal deviation per coefficient over the plain windows of some recordings (training speakers only).
  package func standardisation(over recordings: [Int]) -> Standardisation {
    let coefficients = frontEnd.coefficients
    var sums = [Double](repeating: 0, count: coefficients)
    var squares = sums
    for recording in recordings {
      withWindow(recording: recording, version: 0) { window in
        for i in 0..<windowSize {
          sums[i % coefficients] += Double(window[i])
          squares[i % coefficients] += Double(window[i]) * Double(window[i])
        }
      }
    }
    let count = Double(recordings.count * frames)
    let means = sums.map { $0 / count }
    let deviations = zip(squares, means).map { max(1e-10, $0 / count - $1 * $1).squareRoot() }
    return Standardisation(
      mean: means.map { Float($0) }, reciprocalDeviation: deviations.map { Float(1 / ($0 + 1e-5)) })
  }
}

/// Makes the windows of one recording.
private struct Builder: Sendable {
  let frontEnd: FrontEndSettings
  let frames: Int
  let versions: ClipVersions
  let seed: UInt64
  let preparation: Preparation?
  /// All of the corpus, in order.
  let speakers: [String]

  func windows(of recording: Recording, index: Int) -> Result<[Float], TrainingError> {
    do {
      let samples = try recording.samples()
      guard samples.contains(where: { $0 != 0 }) else {
        return .failure(
          TrainingError(
            "recording \(recording.path): nothing but digital silence",
            advice: "take it out, or use --leave-out-unreadable"))
      }
      let length = frontEnd.samples(inFrames: frames)
      if let preparation {
        let window = mfcc(preparation.window(of: samples, samples: length), warp: 1, isLevelled: true)
        return .success(Array([[Float]](repeating: window, count: 2 + versions.count).joined()))
      }
      let clip = ClipPadding.trimmed(samples)
      let loudest = LoudestWindow.start(in: Array(clip), samples: length)
      let part = clip.count < length ? clip : clip[clip.startIndex + loudest..<clip.startIndex + loudest + length]
      let plain = ClipPadding.padded(part, to: length)
      var evaluated = ClipPadding.placed(part, in: length)
      var floor = NoiseFloor(peak: NoiseFloor.peak(of: clip))
      floor.lay(under: &evaluated)
      var result = mfcc(plain, warp: 1)
      var draws = VersionDraws(clip: SeededGenerator(seed: seed).derived(UInt64(index)), shared: rooms(of: recording))
      for speed in versions.speeds {
        let sped = try ClipVersions.at(speed: speed, clip)
        for warp in versions.vocalTractWarps {
          result += mfcc(versions.window(of: sped, samples: length, draws: &draws), warp: warp)
        }
      }
      return .success(result + mfcc(evaluated, warp: 1))
    } catch {
      return .failure(
        TrainingError("recording \(error)", advice: "repair it, take it out, or use --leave-out-unreadable"))
    }
  }

  /// The draws of the rooms that a speaker's recordings share, if the model is to follow its speaker.
  private func rooms(of recording: Recording) -> SeededGenerator? {
    guard frontEnd.adaptation != nil, let speaker = speakers.firstIndex(of: recording.speaker) else { return nil }
    return SeededGenerator(seed: ~seed).derived(UInt64(speaker))
  }

  private func mfcc(_ samples: [Float], warp: Double, isLevelled: Bool = false) -> [Float] {
    FeatureSet.mfcc(samples, frontEnd: frontEnd, frames: frames, warp: warp, isLevelled: isLevelled)
  }
}

extension FeatureSet {
  /// MFCC frames of one window, with its gain step on c0 unless the samples are levelled already.
  package static func mfcc(
    _ samples: [Float], frontEnd: FrontEndSettings, frames: Int, warp: Double, isLevelled: Bool
  ) -> [Float] {
    let stream = FeatureStream(mfcc: MFCC(settings: frontEnd, vocalTractWarp: warp), windowFrames: frames)
    samples.withUnsafeBufferPointer { stream.push($0) { _ in } }
    let window = stream.window()
    var values = Array(UnsafeBufferPointer(start: window.coefficients, count: frames * frontEnd.coefficients))
    guard !isLevelled else { return values }
    let offset = InputScaling.c0Offset(decibels: Double(window.gainStep) * frontEnd.level.stepSize, settings: frontEnd)
    for frame in 0..<frames { values[frame * frontEnd.coefficients] += offset }
    return values
  }
}
