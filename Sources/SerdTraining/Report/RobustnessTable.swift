extension Robustness {
  /// The table, as Markdown.
  package func markdown(classes: Int) -> String {
    var text = "Protocol \(experiment.evaluationProtocol): \(experiment.caveat).\n\n"
    text +=
      "\(experiment.corpus), \(experiment.printedProtocol), recipe `\(experiment.recipe.name)`, int8 as serd runs it; "
    text +=
      "95 % intervals by bootstrap over speakers.\n\n| condition | WA | UA | no speech heard |\n|---|---|---|---|\n"
    for trial in trials {
      let measures: [(ConfusionMatrix) -> Double] = [{ $0.weightedAccuracy }, { $0.unweightedAccuracy }]
      let cells = measures.map { measure in
        let interval = Interval(decisions: trial.decisions, classes: classes, measure: measure)
        return "\(percent(interval.value)) [\(percent(interval.low)), \(percent(interval.high))]"
      }
      let silent = Double(trial.decisions.count { $0.probabilities.isEmpty }) / Double(max(1, trial.decisions.count))
      text += "| \(trial.condition) | \(cells.joined(separator: " | ")) | \(percent(silent)) % |\n"
    }
    return text + RunRecord.note(unfinished)
  }
}
