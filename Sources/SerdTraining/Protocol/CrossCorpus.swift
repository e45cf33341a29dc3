import SerdCorpora

/// Folds of a joint corpus that say what models of each corpus know of the others: `cross-N`.
///
/// The speakers of every corpus are dealt to N groups. Per group a model of each corpus and one of all are trained
/// without the group, and all are tested on the group's speakers of all corpora. Each model is asked about strangers
/// only, of its own language and of another.
struct CrossCorpus {
  let groups: Int

  /// The folds, by what they are trained on, then by group. The name says it, too: `EMO-DB, group 1`, `EMO-DB +
  /// RAVDESS, group 1`.
  func folds(of corpus: Corpus) -> [Fold] {
    var groupOf: [String: Int] = [:]
    for part in corpus.parts {
      for (index, speaker) in corpus.speakers(of: part).enumerated() { groupOf[speaker] = index % groups }
    }
    return (corpus.parts.map { [$0] } + [corpus.parts]).flatMap { trained in
      (0..<groups).map { group in
        func recordings(_ isIncluded: (Recording) -> Bool) -> [Int] {
          corpus.recordings.indices.filter { isIncluded(corpus.recordings[$0]) }
        }
        return Fold(
          name: "\(trained.joined(separator: " + ")), group \(group + 1)",
          train: recordings { groupOf[$0.speaker] != group && $0.corpus.map(trained.contains) == true },
          test: recordings { groupOf[$0.speaker] == group }, trainedOn: trained)
      }
    }
  }
}
