import ArgumentParser
import SerdConsole
import SerdTraining

/// `sertrain calibrate`: a temperature for every fold's model, from training speakers only.
struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a temperature per fold on training speakers; prints the calibration error before and after.",
    discussion:
      "Trains networks by the run's recipe without some of the training speakers and fits the temperature to what they say about those; "
      + "the test speaker takes no part. Writes int8-calibrated.safetensors beside each fold's models. Stopped at any moment, the "
      + "same command goes on.")

  @OptionGroup var options: FinishedRunOptions

  @Option(help: "Inner trainings per fold, each without a third of the training speakers: 1 to 3.")
  var holdouts = 1

  func run() throws {
    try reporting {
      guard (1...FinishedRun.calibrationGroups).contains(holdouts) else {
        throw CommandError(.usage, "\(holdouts) inner trainings are not possible", advice: "use 1 to 3")
      }
      let run = try options.finishedRun()
      try run.calibrate(holdouts: holdouts, threads: options.threads) { Output.say($0) }
      try Output.write(try CalibrationTable(record: RunRecord(folders: [options.runFolder])).markdown)
    }
  }
}
