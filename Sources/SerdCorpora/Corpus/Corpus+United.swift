extension Corpus {
  /// Several corpora as one, over the labels of a choice; what has another label is left out, by name.
  ///
  /// Unlike `joined`, a corpus may lack some of the labels: that it has no such recording says nothing of how they
  /// sound (`labelsByPart`). A speaker is called `RAVDESS:12`.
  ///
  /// - Throws: `CorpusError` if two are of the same name, no corpus has one of the labels, or one has none of them.
  package static func united(_ corpora: [Corpus], labels choice: LabelChoice) throws(CorpusError) -> Corpus {
    let parts = corpora.map(\.name)
    guard Set(parts).count == parts.count else {
      throw CorpusError(
        .usage, "the same corpus twice: \(parts.joined(separator: ", "))", advice: "name each once")
    }
    try choice.check(against: corpora)
    var recordings: [Recording] = []
    var leftOut = corpora.flatMap(\.leftOut)
    var labelsByPart: [String: [Int]] = [:]
    for corpus in corpora {
      let places = corpus.labels.map { choice.index(of: $0) }
      guard places.contains(where: { $0 != nil }) else {
        throw CorpusError(
          .usage, "\(corpus.name) has none of the labels \(choice.names.joined(separator: ", "))",
          advice: "it has \(corpus.labels.joined(separator: ", "))")
      }
      labelsByPart[corpus.name] = Set(places.compactMap { $0 }).sorted()
      for recording in corpus.recordings {
        if let label = places[recording.label] {
          recordings.append(
            recording.joined(label: label, corpus: corpus.name, votes: recording.votes(in: places, choice.names.count)))
        } else {
          leftOut.append(LeftOut(recording.path, "\(corpus.labels[recording.label]) is not asked for"))
        }
      }
    }
    return Corpus(
      name: parts.joined(separator: " + "), parts: parts, labels: choice.names,
      labelsByPart: labelsByPart, recordings: recordings, leftOut: leftOut,
      terms: corpora.map(\.terms).joined(separator: "; "))
  }
}

extension Recording {
  /// The votes over other labels: `places` says where each of the corpus's own goes. What goes nowhere is left out, and
  /// the rest weighs as all; nil if nothing is left.
  fileprivate func votes(in places: [Int?], _ count: Int) -> [Float]? {
    guard let votes else { return nil }
    var moved = [Float](repeating: 0, count: count)
    for (vote, place) in zip(votes, places) { if let place { moved[place] += vote } }
    let sum = moved.reduce(0, +)
    return sum > 0 ? moved.map { $0 / sum } : nil
  }
}
