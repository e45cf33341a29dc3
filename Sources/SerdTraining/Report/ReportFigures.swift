/// All figures of a report, computed once: the page, the JSON and the model card show these and no others.
///
/// Shares are fractions; intervals are 95 %, by bootstrap over speakers unless said otherwise.
public struct ReportFigures: Codable, Equatable, Sendable {
  /// Version of this JSON.
  public var format = 1
  /// What was run on what.
  public let run: Run
  /// In float and in int8.
  public let networks: [Network]
  /// Int8 with the temperatures of its folds, if all of them are calibrated; else float, each fold with the temperature of the others' decisions.
  /// Nil of a leaky protocol, and of one fold.
  public let calibrated: Network?
  /// Of int8 with float: share of equal decisions, mean absolute difference of probabilities.
  public let agreement: Agreement
  /// One per seed and fold.
  public let folds: [FoldRow]
  /// What the log followed.
  public let curves: [RunRecord.Curve]

  /// What was run on what.
  public struct Run: Codable, Equatable, Sendable {
    /// Name of the corpus.
    public let corpus: String
    /// Its terms.
    public let terms: String
    /// Name of the protocol.
    public let evaluationProtocol: String
    /// What that means.
    public let protocolNote: String
    /// Whether test speakers were trained on or chose something.
    public let isLeaky: Bool
    /// All of the recipe.
    public let recipe: Recipe
    /// Seeds pooled in the figures.
    public let seeds: [UInt64]
    /// Names of the emotions.
    public let labels: [String]
    /// Speakers tested.
    public let speakers: [String]
    /// Recordings tested, each counted once.
    public let recordings: Int
    /// Folds that were begun and are not done: the figures lack them.
    public let unfinished: [String]
    /// Git revision of the trainer.
    public let revision: String
    /// The command, folders replaced.
    public let command: String
    /// Seconds of sound that a window spans.
    public let windowSeconds: Double
    /// Of the network, for one window, padding counted.
    public let multiplyAdds: Int
    /// Training time, summed over folds of one thread each.
    public let trainingMinutes: Double

    private enum CodingKeys: String, CodingKey {
      case corpus, terms, protocolNote, isLeaky, recipe, seeds, labels, speakers, recordings, unfinished, revision
      case command, windowSeconds, multiplyAdds, trainingMinutes
      case evaluationProtocol = "protocol"
    }
  }

  /// How well one form of the network did.
  public struct Network: Codable, Equatable, Sendable {
    /// `float`, or `int8`.
    public let name: String
    /// Share of right decisions.
    public let weightedAccuracy: Interval
    /// Mean recall of the classes.
    public let unweightedAccuracy: Interval
    /// F1 weighted by occurrences.
    public let weightedF1: Interval
    /// Mean F1.
    public let macroF1: Interval
    /// Decisions; several seeds count a recording several times.
    public let confusion: ConfusionMatrix
    /// In the order of the labels.
    public let classes: [ClassRow]
    /// Sorted by name.
    public let speakers: [SpeakerRow]
    /// Confidence against accuracy.
    public let reliability: Reliability
    /// Expected calibration error.
    public let calibrationError: Interval
    /// Recordings in which the gate heard no speech; counted as errors.
    public let unheard: Int
  }

  /// One emotion.
  public struct ClassRow: Codable, Equatable, Sendable {
    /// The emotion.
    public let label: String
    /// Decisions on recordings of it.
    public let count: Int
    /// Nil if it does not occur.
    public let recall: Interval?
    /// Nil if it is never predicted.
    public let precision: Double?
    /// Nil if neither.
    public let f1: Double?
  }

  /// One speaker. The intervals are by bootstrap over the speaker's recordings: they say how much chance is in this voice's
  /// recordings, not how other voices would do.
  public struct SpeakerRow: Codable, Equatable, Sendable {
    /// The corpus's name for the speaker.
    public let speaker: String
    /// Decisions.
    public let count: Int
    /// Share of right decisions.
    public let weightedAccuracy: Interval
    /// Mean recall of the classes that the speaker says.
    public let unweightedAccuracy: Interval
  }

  /// Int8 against float.
  public struct Agreement: Codable, Equatable, Sendable {
    /// Share of equal decisions.
    public let sameDecision: Double
    /// Mean absolute difference of probabilities.
    public let meanDifference: Double
  }

  /// One fold of one seed.
  public struct FoldRow: Codable, Equatable, Sendable {
    /// The training's seed.
    public let seed: UInt64
    /// The fold's name.
    public let fold: String
    /// Recordings tested.
    public let recordings: Int
    /// Unweighted accuracy in float.
    public let floatUA: Double
    /// Unweighted accuracy in int8.
    public let int8UA: Double
    /// Weighted accuracy in int8.
    public let int8WA: Double
    /// Of the calibrated model, if there is one.
    public let temperature: Float?
  }
}
