import ArgumentParser
import Foundation
import SerdCorpora
import SerdTraining

/// What commands on a finished run share.
struct FinishedRunOptions: ParsableArguments {
  @OptionGroup var source: CorpusOptions

  @Option(name: .customLong("run"), help: "Run folder of the crossval.")
  var runFolder: String

  @Option(help: "Threads.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  /// Reads the run and the corpus as the run's recipe wants it, and computes the features.
  func finishedRun() throws -> FinishedRun {
    try check(threads: threads)
    let recipe = try RunFolder(reading: runFolder).experiment.recipe
    let corpus = try source.read(for: recipe)
    return try FinishedRun(folder: runFolder, corpus: corpus) { try computedFeatures(of: corpus, recipe: recipe) }
  }
}

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
    try orExplain {
      guard (1...FinishedRun.calibrationGroups).contains(holdouts) else {
        throw TrainingError("\(holdouts) inner trainings are not possible", kind: .usage, advice: "use 1 to 3")
      }
      let run = try options.finishedRun()
      try run.calibrate(holdouts: holdouts, threads: options.threads) { say($0) }
      try writeOut(try CalibrationTable(record: RunRecord(folders: [options.runFolder])).markdown)
    }
  }
}

/// `sertrain compare-quantisation`: float, int8 after training, and int8 trained as such, side by side.
struct CompareQuantisation: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare-quantisation",
    abstract: "Quantise every fold's network in several ways; prints the paired table of float, PTQ and QAT.",
    discussion:
      "Ranges and the last epochs see training speakers only. Writes int8-trained.safetensors beside each fold's models. Stopped at any "
      + "moment, the same command goes on.")

  @OptionGroup var options: FinishedRunOptions

  @Option(help: "Epochs of quantisation-aware training.")
  var epochs = 5

  func run() throws {
    try orExplain {
      guard epochs > 0 else {
        throw TrainingError("\(epochs) epochs train nothing", kind: .usage, advice: "use 1 or more")
      }
      guard options.source.beside.isEmpty else {
        throw TrainingError(
          "quantisation-aware epochs go on from a finished model, which has lost the labels beside its own",
          kind: .usage,
          advice: "compare on a run without --beside")
      }
      let run = try options.finishedRun()
      let comparisons = try run.compareQuantisations(epochs: epochs, threads: options.threads) { say($0) }
      try writeOut(QuantisationComparison.markdown(comparisons, of: run.record))
    }
  }
}
