import SerdConsole

/// What temperatures did, as Markdown.
package struct CalibrationTable {
  private let record: RunRecord

  /// The table of a run whose folds are calibrated.
  package init(record: RunRecord) { self.record = record }

  /// Calibration error of int8 before and after, over the folds that are calibrated, and the temperatures.
  package var markdown: String {
    let calibrations = record.calibrations
    let done = Set(calibrations.map(\.id))
    let before = record.results.filter { done.contains($0.id) }.flatMap(\.int8)
    let after = calibrations.flatMap(\.int8)
    let rows = [("before", before), ("after", after)].map { name, decisions in
      [
        name, Reliability.errorInterval(decisions).text, Reliability(decisions: decisions).overconfidence.percent,
      ]
    }
    let table = MarkdownTable(["int8", "expected calibration error, %", "confidence minus accuracy, %"], rows: rows)
    let temperatures = calibrations.map { "\($0.fold) (seed \($0.seed)) \(Double($0.temperature).decimals(3))" }
    return record.experiment.heading + table.text
      + "\nTemperatures, each fitted on training speakers only: \(temperatures.joined(separator: ", ")).\n"
      + record.note
  }
}
