import Foundation
import SerdCorpora
import SerdFeatures
import SerdLearning

/// Standardisations of training speakers, as a stream that follows them would have them: of a recording and of some
/// others of the same speaker, drawn anew for every sample, so that the network meets what little speech says of a
/// speaker as well as much.
///
/// Knows the recordings that it is given only. Cost: 340 bytes a recording and version.
package struct SpeakerSampling {
  private let prior: Standardisation
  private let priorFrames: Int
  private let versions: Int
  private let oneEmotionShare: Double
  /// Statistics of each recording's versions; nil for recordings that are not trained on.
  private var statistics: [[SpeakerStatistics]?]
  /// Recordings by speaker.
  private var others: [String: [Int]] = [:]
  private let corpus: Corpus

  /// - Parameters:
  ///   - data: what is trained on.
  ///   - prior: the standardisation over all of it.
  ///   - oneEmotionShare: share of the samples for which the others are of one emotion, drawn as often as the speaker
  ///     has it.
  package init(
    data: TrainingData, prior: Standardisation, adaptation: SpeakerAdaptation, oneEmotionShare: Double = 0
  ) {
    let features = data.features
    corpus = data.corpus
    self.prior = prior
    priorFrames = adaptation.priorFrames
    versions = features.versions
    self.oneEmotionShare = oneEmotionShare
    statistics = Array(repeating: nil, count: corpus.recordings.count)
    for index in data.indices {
      others[corpus.recordings[index].speaker, default: []].append(index)
      statistics[index] = (0..<versions).map { version in
        var result = SpeakerStatistics(settings: features.frontEnd)
        features.withWindow(recording: index, version: version) {
          // The features have their gain on c0 already.
          result.add($0, frameCount: features.frames, newest: features.frames, c0Offset: 0)
        }
        return result
      }
    }
  }

  /// For one sample: of the recording and of 0 to all others of its speaker, few as likely as many on a logarithmic
  /// scale.
  package func standardisation(
    recording: Int, version: Int, generator: inout SeededGenerator
  ) -> Standardisation {
    var candidates = others[corpus.recordings[recording].speaker]!
    if oneEmotionShare > 0, Double(generator.uniform()) < oneEmotionShare {
      let emotion = corpus.recordings[candidates[Int.random(in: 0..<candidates.count, using: &generator)]].label
      candidates.removeAll { corpus.recordings[$0].label != emotion }
    }
    let count = Int(pow(Double(candidates.count), Double(generator.uniform()))) - 1
    var sum = statistics[recording]![version]
    for _ in 0..<count {
      sum.add(statistics[candidates[Int.random(in: 0..<candidates.count, using: &generator)]]![version])
    }
    let width = prior.mean.count
    let values = [Float](unsafeUninitializedCapacity: 2 * width) { buffer, filled in
      sum.write(prior: prior, weight: priorFrames, into: buffer.baseAddress!)
      filled = 2 * width
    }
    return Standardisation(mean: Array(values[..<width]), reciprocalDeviation: Array(values[width...]))
  }
}
