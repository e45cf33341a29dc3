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
    var text =
      record.experiment.heading
      + "| int8 | expected calibration error, % | confidence minus accuracy, % |\n|---|---|---|\n"
    for (name, decisions) in [("before", before), ("after", after)] {
      text += "| \(name) | \(Reliability.errorInterval(decisions).text) | "
      text += "\(percent(Reliability(decisions: decisions).overconfidence)) |\n"
    }
    let temperatures = calibrations.map { "\($0.fold) (seed \($0.seed)) \(decimals(Double($0.temperature), 3))" }
    return text + "\nTemperatures, each fitted on training speakers only: \(temperatures.joined(separator: ", ")).\n"
      + record.note
  }
}
