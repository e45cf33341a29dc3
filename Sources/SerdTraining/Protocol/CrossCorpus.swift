import SerdCorpora

/// Folds of a joint corpus that say what models of each corpus know of the others: `cross-N`.
///
/// The speakers of every corpus are dealt to N groups. Per group a model of each corpus and one of all are trained
/// without the group, and all are tested on the group's speakers of all corpora. Each model is asked about strangers
/// only, of its own language and of another.
struct CrossCorpus {
  let groups: Int

  /// The fold's name says what it was trained on: `EMO-DB, group 1`, `EMO-DB + RAVDESS, group 1`.
  func folds(of corpus: Corpus) -> [Fold] {
    let parts = corpus.parts
    var groupOf: [String: Int] = [:]
    for part in parts {
      let speakers = corpus.speakers.filter { Corpus.part(ofSpeaker: $0) == part }
      for (index, speaker) in speakers.enumerated() { groupOf[speaker] = index % groups }
    }
    return (parts.map { [$0] } + [parts]).flatMap { trained in
      (0..<groups).map { group in
        let indices = corpus.recordings.indices
        let speaker = { (index: Int) in corpus.recordings[index].speaker }
        return Fold(
          name: "\(trained.joined(separator: " + ")), group \(group + 1)",
          train: indices.filter {
            groupOf[speaker($0)] != group && trained.contains(Corpus.part(ofSpeaker: speaker($0)) ?? "")
          },
          test: indices.filter { groupOf[speaker($0)] == group }, choosing: [])
      }
    }
  }

  static func parts(of speakers: [String]) -> [String] {
    speakers.compactMap { Corpus.part(ofSpeaker: $0) }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// What a fold's models were trained on.
  static func trained(on fold: String) -> String {
    String(fold[..<(fold.range(of: ", group ")?.lowerBound ?? fold.endIndex)])
  }
}
