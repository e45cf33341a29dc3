import SerdConsole

extension Robustness {
  /// The table, as Markdown.
  package func markdown(classes: Int) -> String {
    var text = "Protocol \(experiment.testedBy.name): \(experiment.caveat).\n\n"
    text +=
      "\(experiment.corpus), \(experiment.printedProtocol), recipe `\(experiment.recipe.name)`, int8 as serd runs it; "
    text += "95 % intervals by bootstrap over speakers.\n\n"
    var table = MarkdownTable(["condition", "WA", "UA", "no speech heard"])
    for trial in trials {
      func interval(_ measure: (ConfusionMatrix) -> Double) -> String {
        Interval(decisions: trial.decisions, classes: classes, measure: measure).text
      }
      let silent = Double(trial.decisions.count { $0.probabilities.isEmpty }) / Double(max(1, trial.decisions.count))
      table.add(
        [
          trial.condition, interval { $0.weightedAccuracy }, interval { $0.unweightedAccuracy },
          "\(silent.percent) %",
        ])
    }
    return text + table.text + RunRecord.note(unfinished)
  }
}
