import SerdConsole
import SerdDetection

/// The cross-corpus matrix of a run under `cross-N`, as Markdown: int8, what was trained on down, what was tested on
/// across.
struct CrossCorpusTable {
  let results: [FoldResult]
  let labels: [String]

  var markdown: String {
    let trained = results.compactMap(\.trainedOn).reduce(into: [[String]]()) { if !$0.contains($1) { $0.append($1) } }
    let parts = results.flatMap(\.int8).sorted { $0.speaker < $1.speaker }.compactMap(\.corpus)
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    var text = ""
    for (title, decisions, classes) in [("emotion, UA", { $0 }, labels.count), ("arousal, UA", arousal, 2)]
      as [(String, ([Decision]) -> [Decision], Int)]
    {
      var table = MarkdownTable(["\(title): trained on \\ tested on"] + parts)
      for source in trained {
        let all = results.filter { $0.trainedOn == source }.flatMap(\.int8)
        table.add(
          [source.joined(separator: " + ")]
            + parts.map { part in
              let tested = decisions(all.filter { $0.corpus == part })
              return Interval(decisions: tested, classes: classes) { $0.unweightedAccuracy }.text
            })
      }
      text += "\n" + table.text
    }
    return text + "\nAroused: \(names(.aroused)). Calm: \(names(.calm)).\n"
  }

  private func names(_ arousal: Arousal) -> String {
    labels.filter { Arousal(label: $0) == arousal }.joined(separator: ", ")
  }

  private func arousal(_ decisions: [Decision]) -> [Decision] { decisions.compactMap { $0.arousal(labels: labels) } }
}
