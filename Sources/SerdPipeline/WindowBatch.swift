import SerdEncoder
import SerdFeatures
import SerdNetwork

/// Successive windows of one stream, with what is needed to classify them when the stream has moved on, on any thread.
///
/// Windows overlap, so their frames are kept once. Half a megabyte for 64 windows of 2 s.
struct WindowBatch: Sendable {
  /// A window that has enough speech to be classified.
  private struct Kept: Sendable {
    let result: Int
    let firstFrame: Int
    let frameCount: Int
    let coefficientCount: Int
    let level: Float
    let gainStep: Int
    /// Values and number of an adapted standardisation.
    let standardisation: (values: [Float], number: Int)?
    /// Log-mel frames, and how many, for a speech encoder.
    let logMel: (values: [Float], count: Int)?
  }

  /// In order. Probabilities are placeholders until `classify`.
  private(set) var results: [WindowResult] = []
  private var kept: [Kept] = []
  private var frames: [Float] = []
  /// Which frame of the stream is the first of `frames`, once gaps between windows are left out.
  private var origin = 0
  private var end = 0

  /// Adds the frames of the window whose result comes next.
  mutating func keep(_ window: FeatureWindow) {
    let width = window.coefficientCount
    if frames.isEmpty || window.firstFrame > end {
      origin = window.firstFrame - frames.count / width
      end = window.firstFrame
    }
    let known = end - window.firstFrame
    frames += UnsafeBufferPointer(
      start: window.coefficients + known * width, count: (window.frameCount - known) * width)
    end = window.firstFrame + window.frameCount
    let standardisation = window.standardisation.map { adapted in
      let last = kept.last?.standardisation
      let values =
        last?.number == adapted.number
        ? last!.values : Array(UnsafeBufferPointer(start: adapted.values, count: 2 * width))
      return (values: values, number: adapted.number)
    }
    let logMel = window.logMel.map {
      (values: Array(UnsafeBufferPointer(start: $0.values, count: $0.count * LogMel.bands)), count: $0.count)
    }
    kept.append(
      Kept(
        result: results.count, firstFrame: window.firstFrame - origin, frameCount: window.frameCount,
        coefficientCount: width, level: window.level, gainStep: window.gainStep, standardisation: standardisation,
        logMel: logMel))
  }

  /// Adds a result; that of a window with speech after its `keep`.
  mutating func append(_ result: WindowResult) { results.append(result) }

  /// Fills in the probabilities, and lets go of the frames.
  ///
  /// - Parameter stream: a number unlike those of other batches that the classifier has met or will meet.
  mutating func classify(with classifier: any WindowClassifier, stream: Int) {
    frames.withUnsafeBufferPointer { frames in
      for window in kept {
        var probabilities = results[window.result].probabilities!
        let start = frames.baseAddress! + window.firstFrame * window.coefficientCount
        var view = FeatureWindow(
          firstFrame: window.firstFrame, frameCount: window.frameCount, coefficientCount: window.coefficientCount,
          coefficients: start, level: window.level, gainStep: window.gainStep)
        (window.standardisation?.values ?? []).withUnsafeBufferPointer { adapted in
          (window.logMel?.values ?? []).withUnsafeBufferPointer { mel in
            if let standardisation = window.standardisation {
              // A classifier goes by the number alone, and each stream counts its own from 0.
              view.standardisation = FeatureWindow.AdaptedStandardisation(
                values: adapted.baseAddress!, number: stream << 32 | standardisation.number)
            }
            if let logMel = window.logMel {
              view.logMel = FeatureWindow.LogMelFrames(values: mel.baseAddress!, count: logMel.count)
            }
            classifier.classify(view, into: &probabilities)
          }
        }
        results[window.result] = results[window.result].with(probabilities: probabilities)
      }
    }
    kept = []
    frames = []
  }
}

extension WindowResult {
  /// The same window with these probabilities.
  fileprivate func with(probabilities: [Float]) -> WindowResult {
    WindowResult(start: start, openShare: openShare, level: level, novelty: novelty, probabilities: probabilities)
  }
}

/// Stands where a pipeline has its classifier, and keeps windows for later.
final class WindowCollector: WindowClassifier {
  /// That of who will classify.
  let description: ModelDescription
  /// What came since it was last taken.
  var batch = WindowBatch()

  init(for classifier: any WindowClassifier) { description = classifier.description }

  /// Keeps the window; the probabilities stay what they were.
  func classify(_ window: FeatureWindow, into probabilities: inout [Float]) { batch.keep(window) }

  /// Whoever makes the pipeline gives it one.
  func makeMemory() -> (any SpeakerMemory)? { nil }
}
