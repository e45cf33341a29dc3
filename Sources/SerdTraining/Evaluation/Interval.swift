/// A measure with its 95 % interval by bootstrap over speakers: speakers are drawn with replacement, all of a speaker's decisions
/// with them, because decisions on one voice are not independent (Efron and Tibshirani 1993, percentile method).
public struct Interval: Codable, Equatable, Sendable {
  /// The measure of all decisions.
  public let value: Double
  /// 2.5th percentile over resamples.
  public let low: Double
  /// 97.5th percentile over resamples.
  public let high: Double

  /// `measure` of all decisions, and its 2.5th and 97.5th percentile over resamples of the speakers.
  ///
  /// - Parameter decisions: one or more per recording, each with the speaker heard. Several seeds of a run are simply more decisions of the same speaker.
  public init(
    decisions: [Decision], classes: Int, resamples: Int = 2000, seed: UInt64 = 1,
    measure: (ConfusionMatrix) -> Double
  ) {
    func matrix(_ decisions: some Sequence<Decision>) -> ConfusionMatrix {
      var matrix = ConfusionMatrix(classes: classes)
      for decision in decisions { matrix.add(truth: decision.truth, prediction: decision.prediction) }
      return matrix
    }
    value = measure(matrix(decisions))
    let bySpeaker = Dictionary(grouping: decisions, by: \.speaker).sorted { $0.key < $1.key }.map(\.value)
    var generator = SeededGenerator(seed: seed)
    let values = (0..<resamples).map { _ in
      measure(
        matrix(bySpeaker.indices.lazy.flatMap { _ in bySpeaker[Int.random(in: bySpeaker.indices, using: &generator)] }))
    }.sorted()
    low = values.isEmpty ? value : values[values.count * 25 / 1000]
    high = values.isEmpty ? value : values[min(values.count - 1, values.count * 975 / 1000)]
  }
}

/// One classified recording.
public struct Decision: Codable, Equatable, Sendable {
  /// File name of the recording.
  public let recording: String
  /// Who speaks in it.
  public let speaker: String
  /// Index of the true label.
  public let truth: Int
  /// One per label; empty if the speech gate heard no speech.
  public let probabilities: [Float]

  /// A decision on a recording.
  public init(recording: String, speaker: String, truth: Int, probabilities: [Float]) {
    self.recording = recording
    self.speaker = speaker
    self.truth = truth
    self.probabilities = probabilities
  }

  /// Index of the likeliest label. A recording in which no speech was heard counts as an error: as label 0, or as
  /// label 1 if 0 is the true one.
  public var prediction: Int {
    probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? (truth == 0 ? 1 : 0)
  }
}
