/// One labelled recording of a corpus.
public struct Recording: Equatable, Sendable {
  /// Where the file is.
  public let path: String
  /// Index into the corpus's labels.
  public let label: Int
  /// Who speaks: folds are cut between speakers.
  public let speaker: String
  /// Which sentence is spoken, where the corpus says so.
  public let text: String
  /// Share of listeners who named the intended emotion, from a listening test; nil where there was none.
  public let recognition: Float?

  /// A recording of a corpus.
  public init(path: String, label: Int, speaker: String, text: String, recognition: Float? = nil) {
    self.path = path
    self.label = label
    self.speaker = speaker
    self.text = text
    self.recognition = recognition
  }

  /// File name without folder.
  public var name: String { String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]) }
}

/// A speech-emotion corpus: labels, recordings sorted by path, and what was left out, by name.
public struct Corpus: Sendable {
  /// The corpus's usual name.
  public let name: String
  /// Names of the emotions.
  public let labels: [String]
  /// What can be used, sorted by path.
  public let recordings: [Recording]
  /// One line per file that was not used, with the reason: nothing is skipped silently.
  public let leftOut: [String]
  /// Terms that the corpus puts on a model trained on it.
  public let terms: String

  /// Sorts the recordings by path and the left-out files by name.
  public init(name: String, labels: [String], recordings: [Recording], leftOut: [String], terms: String) {
    self.name = name
    self.labels = labels
    self.recordings = recordings.sorted { $0.path < $1.path }
    self.leftOut = leftOut.sorted()
    self.terms = terms
  }

  /// All speakers, sorted.
  public var speakers: [String] { Array(Set(recordings.map(\.speaker))).sorted() }

  /// Reads a corpus by the name of its format: `emodb` or `ravdess`.
  public static func read(format: String, folder: String) throws(TrainingError) -> Corpus {
    switch format {
    case "emodb": try EMODB.read(folder: folder)
    case "ravdess": try RAVDESS.read(folder: folder)
    default:
      throw TrainingError("there is no corpus format \"\(format)\"", kind: .usage, advice: "use emodb or ravdess")
    }
  }
}
