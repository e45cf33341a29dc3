import SerdCorpora

/// What one fold of one seed gave: written to its folder, read again when a run is resumed or reported.
package struct FoldResult: Codable, Equatable, Sendable {
  /// The fold's name: its test speakers.
  package let fold: String
  /// The training's seed.
  package let seed: UInt64
  /// Decisions on the test speakers in float; none of a head on an int8 encoder, which has no float form.
  package let float: [Decision]
  /// The same in int8, by the pipeline that serd runs.
  package let int8: [Decision]
  /// Wall-clock time of the training in seconds, without interruptions.
  package let trainingSeconds: Double
  /// The protocol that the fold is of; nil in results of before protocols were written down.
  package let testedBy: TestedBy?
  /// Names of the corpora that were trained on, under a protocol that compares these.
  package let trainedOn: [String]?
  /// Of a head: decisions of one window of each recording, the one with most speech, for the temperature.
  package let oneWindow: [Decision]?
  /// Of a head that follows its speaker: decisions where all of a speaker's recordings of one emotion come before the
  /// next emotion's.
  package let emotionByEmotion: [Decision]?
  /// The epoch that was chosen, and its accuracies; nil if the last one was taken.
  package let choice: EpochChoice?

  enum CodingKeys: String, CodingKey {
    case fold, seed, float, int8, trainingSeconds, trainedOn, oneWindow, emotionByEmotion, choice
    case testedBy = "evaluationProtocol"
  }

  /// Decisions of one window each: a temperature is fitted to these, since a mean of softmaxes has none.
  package var ofOneWindow: [Decision] { oneWindow ?? float }

  /// The fold and its seed.
  package var id: FoldID { FoldID(seed: seed, fold: fold) }

  /// What a training of a fold gave.
  package init(
    of fold: Fold, seed: UInt64, testedBy: TestedBy? = nil, float: [Decision], int8: [Decision],
    trainingSeconds: Double = 0, choice: EpochChoice? = nil, oneWindow: [Decision]? = nil,
    emotionByEmotion: [Decision]? = nil
  ) {
    self.fold = fold.name
    trainedOn = fold.trainedOn
    self.seed = seed
    self.testedBy = testedBy
    self.float = float
    self.int8 = int8
    self.trainingSeconds = trainingSeconds
    self.choice = choice
    self.oneWindow = oneWindow
    self.emotionByEmotion = emotionByEmotion
  }

  /// Share of recordings on which float and int8 decide alike, and the mean absolute difference of their probabilities.
  package static func agreement(_ results: [FoldResult]) -> (sameDecision: Double, meanDifference: Double) {
    let pairs = results.flatMap { zip($0.float, $0.int8) }
    let same = pairs.filter { $0.prediction == $1.prediction }.count
    let differences = pairs.flatMap { float, int8 in
      zip(float.probabilities, int8.probabilities).map { Double(abs($0 - $1)) }
    }
    return (Double(same) / Double(max(1, pairs.count)), differences.reduce(0, +) / Double(max(1, differences.count)))
  }
}
