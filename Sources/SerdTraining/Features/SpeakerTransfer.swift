import Foundation
import SerdFeatures
import SerdLearning

/// Gives a recording the mean spectrum of another training speaker's voice, or of one between the two: the emotion
/// stays, the voice moves.
///
/// Coefficients are moved and stretched so that the speaker's mean and deviation of each become the other's, a share of
/// the way (Zhou et al. 2021, "MixStyle", arXiv 2104.02008, mixes such statistics of feature maps; here they are a
/// speaker's, and of the input). A network that is to know the emotions of strangers thus meets more voices than were
/// recorded.
package struct SpeakerTransfer: Codable, Equatable, Sendable {
  /// Share of the samples that it is done to.
  package var share = 0.5
  /// How far towards the other speaker: drawn uniformly from 0 to this; above 1 is beyond.
  package var reach: Float = 1

  /// Half of the samples, up to the other speaker.
  package init() {}
}

/// The voices of a fold's training speakers, and the draws of one for each sample.
///
/// Knows the recordings that it is given only. Every recording of a speaker counts by its frames of speech.
package struct SpeakerVoices {
  private struct Voice {
    var mean: [Float]
    var deviation: [Float]
  }

  private let settings: SpeakerTransfer
  private let prior: Standardisation
  private let voices: [Voice]
  /// Index of the speaker of each recording in `voices`.
  private let speakers: [Int: Int]

  /// - Parameter prior: the standardisation over all of the recordings.
  package init(data: TrainingData, prior: Standardisation, settings: SpeakerTransfer) {
    self.settings = settings
    self.prior = prior
    let features = data.features
    let names = Array(Set(data.recordings.map(\.speaker))).sorted()
    var sums = names.map { _ in SpeakerStatistics(settings: features.frontEnd) }
    var speakers: [Int: Int] = [:]
    for index in data.indices {
      let speaker = names.firstIndex(of: data.corpus.recordings[index].speaker)!
      speakers[index] = speaker
      features.withWindow(recording: index, version: 0) {
        // The features have their gain on c0 already.
        sums[speaker].add($0, frameCount: features.frames, newest: features.frames, c0Offset: 0)
      }
    }
    self.speakers = speakers
    let width = prior.mean.count
    voices = sums.map { sum in
      var values = [Float](repeating: 0, count: 2 * width)
      values.withUnsafeMutableBufferPointer { sum.write(prior: prior, weight: 1, into: $0.baseAddress!) }
      return Voice(mean: Array(values[..<width]), deviation: values[width...].map { 1 / $0 })
    }
  }

  /// The standardisation that makes a sample of a recording sound as another speaker under the prior: (x - m) · r.
  package func standardisation(recording: Int, generator: inout SeededGenerator) -> Standardisation {
    guard voices.count > 1, Double(generator.uniform()) < settings.share else { return prior }
    let own = speakers[recording]!
    let other = (own + Int.random(in: 1..<voices.count, using: &generator)) % voices.count
    let way = settings.reach * generator.uniform()
    var result = prior
    for k in prior.mean.indices {
      let stretch = pow(voices[other].deviation[k] / voices[own].deviation[k], way)
      let mean = voices[own].mean[k] + way * (voices[other].mean[k] - voices[own].mean[k])
      // ((x - own mean) · stretch + mean - prior mean) · prior reciprocal, as (x - m) · r.
      result.mean[k] = voices[own].mean[k] - (mean - prior.mean[k]) / stretch
      result.reciprocalDeviation[k] = stretch * prior.reciprocalDeviation[k]
    }
    return result
  }
}
