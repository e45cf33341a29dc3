import SerdConsole

/// The figures of a report as the Markdown text that a model card needs; what only a person can say (what the model is
/// for, its limits, how it was chosen) is left to write.
package struct ModelCard {
  private let figures: ReportFigures
  private let table: ResultTable

  /// The card's text of a run.
  package init(record: RunRecord, figures: ReportFigures) {
    self.figures = figures
    table = ResultTable(experiment: record.experiment, labels: record.labels, results: record.allResults)
  }

  /// Markdown.
  package var markdown: String {
    let run = figures.run
    let int8 = figures.networks.last!
    var text = "# \(run.corpus), \(run.recipe.name)\n\n"
    text += "\(run.labels.count) emotions: \(run.labels.joined(separator: ", ")). "
    text += "Light-SERNet (`\(run.recipe.architecture.name)`, "
    text += "\(run.recipe.architecture.trainableParameters(classes: run.labels.count)) parameters), "
    text += "\(run.recipe.windowFrames) frames.\n\n"
    text += "**\(run.isLeaky ? "Leaky protocol" : "Protocol") `\(run.evaluationProtocol)`, int8 as `serd` runs it: "
    text += "WA \(int8.weightedAccuracy.text) %, UA \(int8.unweightedAccuracy.text) %** (\(run.protocolNote)).\n\n"
    if !run.unfinished.isEmpty { text += "Not finished; lacks \(run.unfinished.joined(separator: ", ")).\n\n" }
    text += "## Data and terms\n\n\(run.recordings) recordings of \(run.speakers.count) speakers. \(run.terms).\n\n"
    text +=
      "## How it was trained\n\n```sh\n\(run.command)\n```\n\nRecipe `\(run.recipe.name)`: \(run.recipe.purpose). "
    text += "Revision \(run.revision).\n\n## Results\n\n" + table.markdown
    let classes = int8.classes.map { row in
      [
        row.label, "\(row.count)", row.recall?.text ?? "–", row.precision.map(\.percent) ?? "–",
        row.f1.map(\.percent) ?? "–",
      ]
    }
    text += "\n" + MarkdownTable(["emotion (int8)", "decisions", "recall", "precision", "F1"], rows: classes).text
    let networks = figures.networks + (figures.calibrated.map { [$0] } ?? [])
    let calibration = networks.map { [$0.name, $0.calibrationError.text, $0.reliability.overconfidence.percent] }
    text += "\n## Calibration\n\n"
    text +=
      MarkdownTable(["", "expected calibration error, %", "confidence minus accuracy, %"], rows: calibration).text
    return text
  }
}
