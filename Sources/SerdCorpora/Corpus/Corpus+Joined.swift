extension Corpus {
  /// Several corpora as one, over the labels that all of them have; what has another label is left out, by name.
  ///
  /// A speaker is called `RAVDESS:12`, so that every result says whose corpus it is of.
  ///
  /// - Throws: `CorpusError` if two are of the same name, or fewer than two labels are shared.
  package static func joined(_ corpora: [Corpus]) throws(CorpusError) -> Corpus {
    let parts = corpora.map(\.name)
    guard Set(parts).count == parts.count else {
      throw CorpusError(
        .usage, "the same corpus twice: \(parts.joined(separator: ", "))", advice: "name each once")
    }
    let labels = corpora[0].labels.filter { label in corpora.allSatisfy { $0.labels.contains(label) } }
    guard labels.count > 1 else {
      throw CorpusError(
        .usage, "\(parts.joined(separator: " and ")) have \(labels.count) labels in common",
        advice: "join corpora that share two labels or more")
    }
    var recordings: [Recording] = []
    var leftOut = corpora.flatMap(\.leftOut)
    for corpus in corpora {
      for recording in corpus.recordings {
        let label = corpus.labels[recording.label]
        if let shared = labels.firstIndex(of: label) {
          recordings.append(recording.joined(label: shared, corpus: corpus.name))
        } else {
          leftOut.append(LeftOut(recording.path, "\(label) is not a label of all corpora"))
        }
      }
    }
    return Corpus(
      name: parts.joined(separator: " + "), parts: parts, labels: labels, recordings: recordings, leftOut: leftOut,
      terms: corpora.map(\.terms).joined(separator: "; "))
  }

  /// The own speakers of one of its parts, sorted.
  package func speakers(of part: String) -> [String] {
    Array(Set(recordings[own].filter { $0.corpus == part }.map(\.speaker))).sorted()
  }
}

extension Recording {
  /// The same recording as one of a part of a larger corpus, where labels have other places.
  func joined(label: Int, corpus: String, votes: [Float]? = nil) -> Recording {
    var recording = Recording(
      path: path, label: label, speaker: "\(corpus):\(speaker)", text: text.isEmpty ? "" : "\(corpus):\(text)",
      recognition: recognition, votes: votes, span: span, name: name)
    recording.corpus = corpus
    return recording
  }
}
