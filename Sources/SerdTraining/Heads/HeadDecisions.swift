import SerdCorpora
import SerdEncoder
import SerdFeatures
import SerdNetwork

/// What a head says of recordings, from their pooled windows: what `FileClassifier` says of the files, since the
/// windows were made by it.
struct HeadDecisions {
  /// The mean over a recording's windows, weighted by the square of their share of speech.
  private(set) var whole: [Decision] = []
  /// The window with most speech.
  private(set) var oneWindow: [Decision] = []

  /// - Parameter order: places in the corpus's recordings, as they are heard; a head that follows hears each speaker's
  ///   one after the other.
  init(of head: EncoderHead, on data: PooledData, order: [Int]) {
    var speakers: [String: FollowedSpeaker] = [:]
    for index in order {
      let recording = data.corpus.recordings[index]
      if let following = head.settings.following, speakers[recording.speaker] == nil {
        speakers[recording.speaker] = FollowedSpeaker(prior: head.standardisation, settings: following)
      }
      var sum = [Float](repeating: 0, count: head.biases.count)
      var weight: Float = 0
      var best: (share: Float, probabilities: [Float]) = (0, [])
      for window in data.windows(of: index, version: 0) {
        var probabilities = sum
        window.values.withUnsafeBufferPointer {
          let input = $0.baseAddress!
          head.apply(input, followed: speakers[recording.speaker]?.hear(input), into: &probabilities)
        }
        Softmax.apply(&probabilities)
        let share = window.share * window.share
        weight += share
        for label in sum.indices { sum[label] += share * probabilities[label] }
        if window.share > best.share { best = (window.share, probabilities) }
      }
      whole.append(Decision(recording, probabilities: weight == 0 ? [] : sum.map { $0 / weight }))
      oneWindow.append(Decision(recording, probabilities: best.probabilities))
    }
  }
}
