import SerdConsole

/// The table that a cross-validation ends with, as Markdown: printed, and copied to the model card.
package struct ResultTable {
  private let experiment: Experiment
  private let labels: [String]
  private let results: [FoldResult]
  private let crossCorpus: String

  /// The table of some results; several seeds are pooled and also shown one by one.
  package init(experiment: Experiment, labels: [String], results: [FoldResult]) {
    self.experiment = experiment
    self.labels = labels
    self.results = experiment.headline(results)
    crossCorpus =
      switch experiment.evaluation {
      case .cross: CrossCorpusTable(results: results, labels: labels).markdown
      case .loco, .locoAdapted: LocoTable(results: results, labels: labels).markdown
      default: ""
      }
  }

  private var seeds: [UInt64] { Array(Set(results.map(\.seed))).sorted() }

  /// Float and int8 with intervals, per seed, per class, the confusion matrix of int8, and how well both agree.
  package var markdown: String {
    let float = results.flatMap(\.float)
    let int8 = results.flatMap(\.int8)
    let caveat = experiment.caveat
    var text = caveat.isEmpty ? "" : "Protocol \(experiment.testedBy.name): \(caveat).\n\n"
    text += "\(experiment.corpus), \(experiment.printedProtocol), recipe `\(experiment.recipe.name)`, "
    text += experiment.recipe.head == nil ? "\(experiment.recipe.epochs) epochs, " : "head on an encoder, "
    text += "seeds \(seeds.map(String.init).joined(separator: ", ")); "
    text += "95 % intervals by bootstrap over \(Set(int8.map(\.speaker)).count) speakers.\n\n"
    text += measures(float, int8) + published() + "\n" + confusion(int8.matrix(labels.count)) + "\n" + speakers(int8)
    if !float.isEmpty {
      let agreement = FoldResult.agreement(results)
      text += "\nInt8 against float on the held-out recordings: same decision on \(agreement.sameDecision.percent) %, "
      text += "mean absolute difference of probabilities \(agreement.meanDifference.decimals(4))."
    }
    text += "\n"
    let unheard = int8.filter { $0.probabilities.isEmpty }.count
    text += "Recordings in which the gate heard no speech (counted as errors): \(unheard). "
    let minutes = results.reduce(0) { $0 + $1.trainingSeconds } / 60
    text += "Training time, summed over folds of one thread each: \(minutes.decimals(0)) minutes.\n"
    return text + crossCorpus
  }

  /// Who has prepared the windows of the int8 network.
  private var int8Name: String {
    experiment.recipe.preparation == nil ? "int8, as serd runs it" : "int8, on the same windows"
  }

  /// The chosen epochs, and the published figures beside ours; empty where there is neither.
  private func published() -> String {
    let choices = results.compactMap(\.choice)
    let figures = experiment.recipe.published?.figures
    var text = ""
    if !choices.isEmpty {
      let epochs = choices.map(\.epoch).sorted()
      text += "\nChosen epochs: \(epochs[0]) to \(epochs.last!), median \(epochs[epochs.count / 2]).\n"
    }
    guard figures != nil || !choices.isEmpty else { return text }
    func mean(_ path: KeyPath<EpochChoice, Double>) -> Double? {
      choices.isEmpty ? nil : choices.reduce(0) { $0 + $1[keyPath: path] } / Double(choices.count)
    }
    let matrix = results.flatMap(\.float).matrix(labels.count)
    let rows: [(String, Double?, Double?)] = [
      ("accuracy (UA: mean over classes)", matrix.unweightedAccuracy, figures?.accuracy),
      ("weighted accuracy (WA: share of right answers)", matrix.weightedAccuracy, figures?.weightedAccuracy),
      ("F1 (macro)", matrix.macroF1, figures?.f1),
      ("chosen checkpoint, whole set", mean(\.whole), figures?.whole),
      ("chosen checkpoint, training set", mean(\.training), figures?.training),
      ("chosen checkpoint, validation set", mean(\.validation), figures?.validation),
    ]
    var table = MarkdownTable(["float, \(experiment.printedProtocol)", "here"] + (figures == nil ? [] : ["published"]))
    for (name, ours, theirs) in rows where ours != nil || theirs != nil {
      table.add(
        [name, ours.map(\.percent) ?? "–"] + (figures == nil ? [] : [theirs.map { $0.decimals(2) } ?? "–"]))
    }
    text += "\n" + table.text
    if figures != nil {
      // The report's weighted accuracy exceeds its accuracy in every column, most where classes are most unequal.
      text += "\nThe source does not define its accuracies; the rows put them where they fit best.\n"
    }
    return text
  }

  private static let measures: [@Sendable (ConfusionMatrix) -> Double] = [
    { $0.weightedAccuracy }, { $0.unweightedAccuracy }, { $0.weightedF1 }, { $0.macroF1 },
  ]

  private func measures(_ float: [Decision], _ int8: [Decision]) -> String {
    var table = MarkdownTable(["", "WA", "UA", "F1 (weighted)", "F1 (macro)"])
    let followed = results.compactMap(\.emotionByEmotion).flatMap { $0 }
    for (name, decisions) in [("float", float), (int8Name, int8), ("int8, emotion by emotion", followed)]
    where !decisions.isEmpty {
      table.add(
        [name]
          + Self.measures.map { Interval(decisions: decisions, classes: labels.count, measure: $0).text })
    }
    for seed in seeds where seeds.count > 1 {
      let matrix = results.filter { $0.seed == seed }.flatMap(\.int8).matrix(labels.count)
      table.add(["int8, seed \(seed)"] + Self.measures.map { $0(matrix).percent })
    }
    return table.text
  }

  private func confusion(_ matrix: ConfusionMatrix) -> String {
    var table = MarkdownTable(["said \\ heard (int8)"] + labels + ["recall"])
    for label in labels.indices {
      table.add(
        [labels[label]] + matrix.counts[label].map(String.init) + [matrix.recalls[label].map(\.percent) ?? "–"])
    }
    return table.text
  }

  private func speakers(_ decisions: [Decision]) -> String {
    let bySpeaker = Dictionary(grouping: decisions, by: \.speaker).sorted { $0.key < $1.key }
    let cells = bySpeaker.map { "\($0.key) \($0.value.matrix(labels.count).unweightedAccuracy.percent)" }
    return "UA by speaker (int8): \(cells.joined(separator: ", ")).\n"
  }
}
