import Dispatch
import Foundation
import SerdCorpora
import SerdSystem
import Synchronization

/// Computing the windows of all recordings of a corpus, on all cores, into a file.
struct FeatureWork: Sendable {
  private let corpus: Corpus
  private let settings: FeatureSettings
  private let progress: @Sendable (Int) -> Void

  init(corpus: Corpus, settings: FeatureSettings, progress: @escaping @Sendable (Int) -> Void) {
    self.corpus = corpus
    self.settings = settings
    self.progress = progress
  }

  /// Values of a recording's windows: the plain one, the augmented ones, the evaluated one.
  var valuesPerRecording: Int { (2 + settings.versions.count) * settings.frames * settings.frontEnd.coefficients }

  private var builder: WindowBuilder { WindowBuilder(settings: settings, speakers: corpus.trainedSpeakers) }

  /// Whether a file has what is computed here, tried on one recording.
  func agrees(with file: FeatureFile) throws(TrainingError) -> Bool {
    guard !corpus.recordings.isEmpty else { return true }
    let tried = corpus.recordings.count / 2
    let fresh = try builder.windows(of: corpus.recordings[tried], index: tried)
    var kept = [Float](repeating: 0, count: valuesPerRecording)
    kept.withUnsafeMutableBufferPointer {
      file.read(valuesPerRecording, at: tried * valuesPerRecording, into: $0.baseAddress!)
    }
    return kept == fresh
  }

  /// What the threads share: the next recording to take, how many are done, and the first one that failed.
  private struct State {
    var next = 0
    var done = 0
    var failure: (index: Int, error: TrainingError)?
  }

  /// - Throws: `TrainingError` of the first recording, in the corpus's order, that fails.
  func run(into file: FeatureFile) throws(TrainingError) {
    let state = Mutex(State())
    let threads = max(1, min(ProcessInfo.processInfo.activeProcessorCount, corpus.recordings.count))
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      let builder = builder
      while let index = state.withLock({ take(from: &$0) }) {
        do throws(TrainingError) {
          let values = try builder.windows(of: corpus.recordings[index], index: index)
          do throws(Errno) { try file.write(values, at: index * valuesPerRecording) } catch {
            throw OutputFile.unwritable(file.path, error)
          }
        } catch {
          state.withLock { if index < $0.failure?.index ?? .max { $0.failure = (index, error) } }
        }
        progress(
          state.withLock {
            $0.done += 1
            return $0.done
          })
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure.error }
  }

  /// The next recording; nil if there is none, or one before it has failed: then no later one matters.
  private func take(from state: inout State) -> Int? {
    guard state.next < corpus.recordings.count, state.failure == nil else { return nil }
    state.next += 1
    return state.next - 1
  }
}
