import Foundation

extension Corpus {
  /// This corpus with others beside it, which its trainings learn from, too: the layers are common, but for a last one
  /// for every corpus, with labels of its own (`CorpusHeads`). Only this corpus's speakers are tested, and only its
  /// labels are in a model.
  ///
  /// Unlike `joined`, corpora need no labels in common. Speakers of the others are called `RAVDESS:12`; they are
  /// trained on in every fold. The terms of all bind the models.
  ///
  /// - Throws: `CorpusError` if two are of the same name, a speaker is called as one beside, or a file of this corpus
  ///   is also beside it: its speaker would be trained on and tested. Copies of a file are not noticed here; `sertrain
  ///   inspect` lists the same sound.
  package func trained(beside others: [Corpus]) throws(CorpusError) -> Corpus {
    precondition(besideLabels.isEmpty, "there are corpora beside this one already")
    let parts = parts + others.flatMap(\.parts)
    guard Set(parts).count == parts.count else {
      throw CorpusError(
        .usage, "the same corpus twice: \(parts.joined(separator: ", "))", advice: "name each once")
    }
    let own = Set(recordings.map(\.path.resolved))
    if let shared = others.lazy.flatMap(\.recordings).first(where: { own.contains($0.path.resolved) }) {
      throw CorpusError(
        .usage, "\(shared.path) is in \(name) and beside it: its speaker would be trained on and tested",
        advice: "take it out of one of them")
    }
    if let name = others.lazy.flatMap({ other in other.speakers.map { "\(other.name):\($0)" } })
      .first(where: speakers.contains)
    {
      throw CorpusError(
        .usage, "\(self.name) has a speaker \(name), as one beside it would be called",
        advice: "rename the speaker, or the corpus")
    }
    var recordings = recordings
    var first = labels.count
    for other in others {
      recordings += other.recordings.map { $0.joined(label: first + $0.label, corpus: other.name) }
      first += other.labels.count
    }
    return Corpus(
      name: "\(name) beside \(others.map(\.name).joined(separator: " and "))", parts: parts, labels: labels,
      labelsByPart: labelsByPart,
      besideLabels: others.map { other in other.labels.map { "\(other.name):\($0)" } }, recordings: recordings,
      leftOut: leftOut + others.flatMap(\.leftOut), terms: ([terms] + others.map(\.terms)).joined(separator: "; "))
  }

  /// All labels that are trained on: its own, then those beside it. A recording's `label` is an index into these.
  package var trainedLabels: [String] { labels + besideLabels.joined() }

  /// Indices of its own recordings: the only ones that are tested, or that anything is fitted on but weights and
  /// standardisation.
  package var own: Range<Int> { 0..<(recordings.firstIndex { $0.label >= labels.count } ?? recordings.count) }

  /// Names of the corpora that are tested: `parts` without those beside.
  package var testedParts: [String] { parts.dropLast(besideLabels.count) }

  /// Those of some recordings that are its own.
  package func own(of recordings: [Int]) -> [Int] { recordings.filter(own.contains) }

  /// The speakers of all recordings, sorted.
  package var trainedSpeakers: [String] { Array(Set(recordings.map(\.speaker))).sorted() }
}

extension String {
  /// The file that a path leads to, links followed.
  fileprivate var resolved: String { URL(fileURLWithPath: self).resolvingSymlinksInPath().path }
}
