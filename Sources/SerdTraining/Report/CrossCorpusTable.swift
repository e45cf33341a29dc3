import SerdCorpora
import SerdDetection

/// The cross-corpus matrix of a run under `cross-N`, as Markdown: int8, what was trained on down, what was tested on
/// across.
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
