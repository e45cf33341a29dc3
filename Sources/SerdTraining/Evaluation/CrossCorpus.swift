import SerdDetection

/// Folds of a joint corpus that say what models of each corpus know of the others: `cross-N`.
///
/// The speakers of every corpus are dealt to N groups. Per group a model of each corpus and one of all are trained without the group, and all are
/// tested on the group's speakers of all corpora. Each model is asked about strangers only, of its own language and of another.
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

/// The cross-corpus matrix of a run under `cross-N`, as Markdown: int8, what was trained on down, what was tested on across.
struct CrossCorpusTable {
  let results: [FoldResult]
  let labels: [String]

  var markdown: String {
    let trained = results.map { CrossCorpus.trained(on: $0.fold) }.reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let parts = CrossCorpus.parts(of: results.flatMap(\.int8).map(\.speaker).sorted())
    var text = ""
    for (title, decisions, classes) in [("emotion, UA", { $0 }, labels.count), ("arousal, UA", arousal, 2)]
      as [(String, ([Decision]) -> [Decision], Int)]
    {
      text += "\n| \(title): trained on \\ tested on | \(parts.joined(separator: " | ")) |\n"
      text += "|---|" + String(repeating: "---|", count: parts.count) + "\n"
      for source in trained {
        let all = results.filter { CrossCorpus.trained(on: $0.fold) == source }.flatMap(\.int8)
        let cells = parts.map { part in
          let tested = decisions(all.filter { Corpus.part(ofSpeaker: $0.speaker) == part })
          return Interval(decisions: tested, classes: classes) { $0.unweightedAccuracy }.text
        }
        text += "| \(source) | \(cells.joined(separator: " | ")) |\n"
      }
    }
    return text + "\nAroused: \(names(.aroused)). Calm: \(names(.calm)).\n"
  }

  private func names(_ arousal: Arousal) -> String {
    labels.filter { Arousal(label: $0) == arousal }.joined(separator: ", ")
  }

  /// The same recordings, as aroused (0) or calm (1).
  private func arousal(_ decisions: [Decision]) -> [Decision] {
    decisions.compactMap { decision in
      guard let truth = Arousal(label: labels[decision.truth]) else { return nil }
      let aroused =
        decision.probabilities.isEmpty ? nil : Arousal.aroused(probabilities: decision.probabilities, labels: labels)
      return Decision(
        recording: decision.recording, speaker: decision.speaker, truth: truth == .aroused ? 0 : 1,
        probabilities: aroused.map { [$0, 1 - $0] } ?? [])
    }
  }
}
