import SerdConsole

/// What the models of a run under `loco` say of each corpus that they have never heard, as Markdown: int8, over several
/// choices of labels, and the mean over corpora.
package struct LocoTable {
  private let results: [FoldResult]
  private let labels: [String]

  /// Of folds that are named by the corpus that they left out.
  package init(results: [FoldResult], labels: [String]) {
    self.results = results
    self.labels = labels
  }

  /// A choice of labels to decide between.
  private struct Choice {
    let name: String
    /// Of the labels; a corpus is asked about those that it has.
    let labels: [String]
    /// Whether a corpus must have them all.
    let needsAll: Bool
  }

  /// Corpora that nothing is chosen by: their mean over four classes is the headline for strangers.
  private static let headline: Set = ["EMO-DB", "emodb-full", "RAVDESS", "crema-d"]

  private static let four = ["anger", "happiness", "neutral", "sadness"]

  private var choices: [Choice] {
    [
      Choice(name: "four classes", labels: Self.four, needsAll: true),
      Choice(name: "five, with fear", labels: Self.four + ["fear"], needsAll: true),
      Choice(name: "all that it has", labels: labels, needsAll: false),
    ].filter { Set($0.labels).isSubset(of: labels) }
  }

  /// The table, with what it means.
  package var markdown: String {
    let corpora = results.map(\.fold).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let judges = corpora.filter(Self.headline.contains)
    var table = MarkdownTable(
      ["int8, UA of a corpus that was not heard"] + corpora + [
        "mean", "of these, mean of \(judges.joined(separator: ", "))",
      ])
    func means(_ tested: [Tested?]) -> [String] {
      [mean(tested.compactMap { $0 }), mean(zip(corpora, tested).compactMap { judges.contains($0) ? $1 : nil })]
    }
    for choice in choices {
      let tested = corpora.map { asked(choice, of: $0) }
      table.add([choice.name] + tested.map { $0.map { interval($0).text } ?? "–" } + means(tested))
    }
    let aroused = corpora.map {
      Tested(decisions: decisions(of: $0).compactMap { $0.arousal(labels: labels) }, classes: 2)
    }
    table.add(["arousal"] + aroused.map { interval($0).text } + means(aroused))
    return
      "\n\(table.text)\nIntervals over speakers. A corpus is asked about labels that it has, and that were trained.\n"
  }

  private struct Tested {
    let decisions: [Decision]
    let classes: Int
  }

  private func decisions(of corpus: String) -> [Decision] {
    results.filter { $0.fold == corpus }.flatMap(\.int8)
  }

  /// A corpus's recordings of a choice's labels, decided between these; nil if it lacks some that it must have.
  private func asked(_ choice: Choice, of corpus: String) -> Tested? {
    let decisions = decisions(of: corpus)
    let has = Set(decisions.map(\.truth))
    let wanted = labels.indices.filter { choice.labels.contains(labels[$0]) }
    guard !choice.needsAll || has.isSuperset(of: wanted) else { return nil }
    let places = wanted.filter(has.contains)
    guard places.count > 1 else { return nil }
    return Tested(
      decisions: decisions.compactMap { decision in
        guard let truth = places.firstIndex(of: decision.truth) else { return nil }
        let probabilities = decision.probabilities.isEmpty ? [] : places.map { decision.probabilities[$0] }
        return Decision(
          recording: decision.recording, speaker: decision.speaker, truth: truth, probabilities: probabilities,
          corpus: decision.corpus)
      }, classes: places.count)
  }

  private func interval(_ tested: Tested) -> Interval {
    Interval(decisions: tested.decisions, classes: tested.classes) { $0.unweightedAccuracy }
  }

  /// The mean over corpora; speakers are drawn within each.
  private func mean(_ tested: [Tested]) -> String {
    guard !tested.isEmpty else { return "–" }
    return Interval(meanUAOf: tested.map { ($0.decisions, $0.classes) }).text
  }
}
