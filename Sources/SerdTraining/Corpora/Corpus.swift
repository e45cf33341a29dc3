import SerdNetwork

/// A speech-emotion corpus: labels, recordings sorted by path, and what was left out, by name.
package struct Corpus: Sendable {
  /// The corpus's usual name, and what of it is used if that is not all.
  package let name: String
  /// Names of the emotions that are tested, and that a model of the corpus names.
  package let labels: [String]
  /// Labels of every corpus that is trained beside this one (`trained(beside:)`), each `CORPUS:label`; usually none.
  package let besideLabels: [[String]]
  /// What can be used: the corpus's own, then those beside it, each sorted by path, then by place in the file.
  package let recordings: [Recording]
  /// What was not used, with the reason: nothing is skipped silently. Sorted by path.
  package let leftOut: [LeftOut]
  /// Names of the corpora that it is made of: its own, unless it is joined of several.
  package let parts: [String]
  /// Terms that the corpus puts on a model trained on it.
  package let terms: String

  /// Sorts the recordings and what is left out.
  package init(
    name: String, parts: [String]? = nil, labels: [String], besideLabels: [[String]] = [], recordings: [Recording],
    leftOut: [LeftOut], terms: String
  ) {
    self.name = name
    self.parts = parts ?? [name]
    self.labels = labels
    self.besideLabels = besideLabels
    func place(_ recording: Recording) -> (Int, String, Int) {
      (recording.label < labels.count ? 0 : 1, recording.path, recording.span?.lowerBound ?? 0)
    }
    self.recordings = recordings.sorted { place($0) < place($1) }
    self.leftOut = leftOut.sorted { ($0.path, $0.reason) < ($1.path, $1.reason) }
    self.terms = terms
  }

  /// Speakers of the corpus itself, sorted: those who can be tested.
  package var speakers: [String] { Array(Set(recordings[own].map(\.speaker))).sorted() }

  /// Its sentences, sorted; empty if the corpus does not name them.
  package var texts: [String] { Array(Set(recordings[own].map(\.text))).sorted().filter { !$0.isEmpty } }

  /// SHA-256 of the labels and of every recording's name, label, speaker and sentence: what folds and results depend on, but for the sound.
  package var identity: String {
    var lines = [labels.joined(separator: "\t")]
    let trainedLabels = trainedLabels
    for recording in recordings {
      lines.append("\(recording.name)\t\(trainedLabels[recording.label])\t\(recording.speaker)\t\(recording.text)")
    }
    return ModelFile.sha256(of: Array(lines.joined(separator: "\n").utf8))
  }

  /// The same corpus with other recordings, and more left out.
  func with(recordings: [Recording], alsoLeftOut: [LeftOut] = []) -> Corpus {
    Corpus(
      name: name, parts: parts, labels: labels, besideLabels: besideLabels, recordings: recordings,
      leftOut: leftOut + alsoLeftOut, terms: terms)
  }

  /// Names of the formats that `read` knows.
  package static let formats = ["emodb", "ravdess", "iemocap", "asvp-esd", "manifest"]

  /// Reads a corpus by the name of its format.
  ///
  /// - Parameter folder: where it is; for `manifest` the CSV file, or the folder of a `manifest.csv`.
  package static func read(
    format: String, folder: String, selection: CorpusSelection = CorpusSelection()
  ) throws(TrainingError) -> Corpus {
    try selection.check(format: format)
    switch format {
    case "emodb": return try EMODB.read(folder: folder)
    case "ravdess": return try RAVDESS.read(folder: folder)
    case "iemocap": return try IEMOCAP.read(folder: folder, selection: selection)
    case "asvp-esd": return try ASVPESD.read(folder: folder, selection: selection)
    case "manifest": return try Manifest.read(path: folder)
    default:
      throw TrainingError(
        "there is no corpus format \"\(format)\"", kind: .usage, advice: "use \(formats.joined(separator: ", "))")
    }
  }
}

/// Collects what a reader finds: every file ends up as a recording or left out with a reason.
struct CorpusDraft {
  private(set) var recordings: [Recording] = []
  private(set) var leftOut: [LeftOut] = []
  private var seen: Set<String> = []

  mutating func leaveOut(_ path: String, _ reason: String) { leftOut.append(LeftOut(path, reason)) }

  /// Takes a recording, unless there is one of the same key already; case does not matter.
  mutating func add(_ recording: Recording, key: String) {
    if seen.insert(key.lowercased()).inserted {
      recordings.append(recording)
    } else {
      leaveOut(recording.path, "a second file of this name")
    }
  }

  /// The finished corpus; refused if it has no recording.
  func corpus(
    name: String, labels: [String], folder: String, example: String, terms: String
  ) throws(TrainingError) -> Corpus {
    guard !recordings.isEmpty else {
      let reason = LeftOut.summary(leftOut, examples: 0).first.map { " (\($0))" } ?? ""
      throw TrainingError(
        "no recording in \(folder) has a name like \(example)\(reason)",
        advice: "give the folder of \(name) and its --format")
    }
    return Corpus(name: name, labels: labels, recordings: recordings, leftOut: leftOut, terms: terms)
  }
}
