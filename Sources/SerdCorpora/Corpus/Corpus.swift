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
  /// Places of the labels that each part knows, where parts lack some (`united`): a recording of it is asked about no
  /// others. Empty if all know all.
  package let labelsByPart: [String: [Int]]
  /// Terms that the corpus puts on a model trained on it.
  package let terms: String

  /// Sorts the recordings and what is left out.
  package init(
    name: String, parts: [String]? = nil, labels: [String], labelsByPart: [String: [Int]] = [:],
    besideLabels: [[String]] = [], recordings: [Recording], leftOut: [LeftOut], terms: String
  ) {
    self.name = name
    self.parts = parts ?? [name]
    self.labels = labels
    self.labelsByPart = labelsByPart
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

  /// SHA-256 of the labels and of every recording's name, label, speaker and sentence: what folds and results depend
  /// on, but for the sound.
  package var identity: String {
    var lines = [labels.joined(separator: "\t")]
    let trainedLabels = trainedLabels
    for recording in recordings {
      let votes = recording.votes.map { "\t\($0)" } ?? ""
      lines.append(
        "\(recording.name)\t\(trainedLabels[recording.label])\t\(recording.speaker)\t\(recording.text)\(votes)")
    }
    return ModelFile.sha256(of: Array(lines.joined(separator: "\n").utf8))
  }

  /// The same corpus with other recordings, and more left out.
  package func with(recordings: [Recording], alsoLeftOut: [LeftOut] = []) -> Corpus {
    Corpus(
      name: name, parts: parts, labels: labels, labelsByPart: labelsByPart, besideLabels: besideLabels,
      recordings: recordings, leftOut: leftOut + alsoLeftOut, terms: terms)
  }
}
