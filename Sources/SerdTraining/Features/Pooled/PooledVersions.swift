import SerdAudio
import SerdCorpora
import SerdEncoder
import SerdFeatures
import SerdLearning
import SerdPipeline

/// Makes what heads are trained on: the pooled windows of recordings, as they are and in augmented versions. For one
/// thread.
final class PooledVersions {
  private let recorder: PooledRecorder
  private let settings: PooledSettings

  init(_ encoder: QuantisedEncoder, settings: PooledSettings) {
    self.settings = settings
    recorder = PooledRecorder(encoder, frontEnd: settings.frontEnd, windowFrames: settings.windowFrames)
  }

  /// The windows with speech of every version of a recording; version 0 is what `serd --once` hears. `index` is the
  /// recording's place in the corpus.
  func windows(of recording: Recording, index: Int) throws(TrainingError) -> [[[Float]]] {
    do throws(AudioError) {
      let samples = try recording.samples()
      var versions = [try windows(of: samples)]
      let clip = ClipPadding.centred(ClipPadding.trimmed(samples))
      var draws = VersionDraws(clip: SeededGenerator(seed: settings.seed).derived(UInt64(index)))
      for _ in 0..<settings.versions {
        let speed = draws.room { settings.speeds.randomElement(using: &$0) ?? 1 }
        var version = try ClipVersions.at(speed: speed, clip)
        if let room = settings.room { version = room.apply(to: version, draws: &draws) }
        versions.append(try windows(of: version))
      }
      return versions
    } catch {
      throw TrainingError(
        at: "recording \(error.place ?? recording.path)", error.problem, advice: "\(error.advice); or take it out")
    }
  }

  /// One row per window with speech: the share of speech, then what the recorder gives.
  private func windows(of samples: [Float]) throws(AudioError) -> [[Float]] {
    var shares: [Float] = []
    do {
      _ = try FileClassifier(classifier: recorder, transform: settings.transform)
        .classify(SampleSource(samples)) { window in
          if window.probabilities != nil { shares.append(Float(window.openShare)) }
        }
    } catch let error as AudioError {
      throw error
    } catch {
      preconditionFailure("samples in memory cannot fail: \(error)")
    }
    return zip(shares, recorder.take()).map { [$0] + $1 }
  }
}
