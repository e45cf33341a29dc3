/// All figures of a report, computed once: the page, the JSON and the model card show these and no others.
///
/// Shares are fractions; intervals are 95 %, by bootstrap over speakers unless said otherwise.
package struct ReportFigures: Codable, Equatable, Sendable {
  /// Version of this JSON.
  package var format = 1
  /// What was run on what.
  package let run: Run
  /// In float and in int8.
  package let networks: [Network]
  /// Int8 with the temperatures of its folds, if all of them are calibrated; else float, each fold with the temperature
  /// of the others' decisions. Nil of a leaky protocol, and of one fold.
  package let calibrated: Network?
  /// Of int8 with float: share of equal decisions, mean absolute difference of probabilities.
  package let agreement: Agreement
  /// One per seed and fold.
  package let folds: [FoldRow]
  /// What the log followed.
  package let curves: [TrainingLog.Curve]

  /// What was run on what.
  package struct Run: Codable, Equatable, Sendable {
    /// Name of the corpus.
    package let corpus: String
    /// Its terms.
    package let terms: String
    /// Name of the protocol.
    package let evaluationProtocol: String
    /// What that means.
    package let protocolNote: String
    /// Whether test speakers were trained on or chose something.
    package let isLeaky: Bool
    /// All of the recipe.
    package let recipe: Recipe
    /// Seeds pooled in the figures.
    package let seeds: [UInt64]
    /// Names of the emotions.
    package let labels: [String]
    /// Speakers tested.
    package let speakers: [String]
    /// Recordings tested, each counted once.
    package let recordings: Int
    /// Folds that were begun and are not done: the figures lack them.
    package let unfinished: [String]
    /// Git revision of the trainer.
    package let revision: String
    /// The command, folders replaced.
    package let command: String
    /// Seconds of sound that a window spans.
    package let windowSeconds: Double
    /// Of the network, for one window, padding counted.
    package let multiplyAdds: Int
    /// Training time, summed over folds of one thread each.
    package let trainingMinutes: Double

    private enum CodingKeys: String, CodingKey {
      case corpus, terms, protocolNote, isLeaky, recipe, seeds, labels, speakers, recordings, unfinished, revision
      case command, windowSeconds, multiplyAdds, trainingMinutes
      case evaluationProtocol = "protocol"
    }
  }

  /// How well one form of the network did.
  package struct Network: Codable, Equatable, Sendable {
    /// `float`, or `int8`.
    package let name: String
    /// Share of right decisions.
    package let weightedAccuracy: Interval
    /// Mean recall of the classes.
    package let unweightedAccuracy: Interval
    /// F1 weighted by occurrences.
    package let weightedF1: Interval
    /// Mean F1.
    package let macroF1: Interval
    /// Decisions; several seeds count a recording several times.
    package let confusion: ConfusionMatrix
    /// In the order of the labels.
    package let classes: [ClassRow]
    /// Sorted by name.
    package let speakers: [SpeakerRow]
    /// Confidence against accuracy.
    package let reliability: Reliability
    /// Expected calibration error.
    package let calibrationError: Interval
    /// Recordings in which the gate heard no speech; counted as errors.
    package let unheard: Int
  }

  /// One emotion.
  package struct ClassRow: Codable, Equatable, Sendable {
    /// The emotion.
    package let label: String
    /// Decisions on recordings of it.
    package let count: Int
    /// Nil if it does not occur.
    package let recall: Interval?
    /// Nil if it is never predicted.
    package let precision: Double?
    /// Nil if neither.
    package let f1: Double?
  }

  /// One speaker. The intervals are by bootstrap over the speaker's recordings: they say how much chance is in this
  /// voice's recordings, not how other voices would do.
  package struct SpeakerRow: Codable, Equatable, Sendable {
    /// The corpus's name for the speaker.
    package let speaker: String
    /// Decisions.
    package let count: Int
    /// Share of right decisions.
    package let weightedAccuracy: Interval
    /// Mean recall of the classes that the speaker says.
    package let unweightedAccuracy: Interval
  }

  /// Int8 against float.
  package struct Agreement: Codable, Equatable, Sendable {
    /// Share of equal decisions.
    package let sameDecision: Double
    /// Mean absolute difference of probabilities.
    package let meanDifference: Double
  }

  /// One fold of one seed.
  package struct FoldRow: Codable, Equatable, Sendable {
    /// The training's seed.
    package let seed: UInt64
    /// The fold's name.
    package let fold: String
    /// Recordings tested.
    package let recordings: Int
    /// Unweighted accuracy in float.
    package let floatUA: Double
    /// Unweighted accuracy in int8.
    package let int8UA: Double
    /// Weighted accuracy in int8.
    package let int8WA: Double
    /// Of the calibrated model, if there is one.
    package let temperature: Float?
  }
}
