import ArgumentParser
import SerdConsole
import SerdTraining

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
    try reporting {
      guard epochs > 0 else {
        throw CommandError(.usage, "\(epochs) epochs train nothing", advice: "use 1 or more")
      }
      guard options.source.beside.isEmpty else {
        throw CommandError(
          .usage, "quantisation-aware epochs go on from a finished model, which has lost the labels beside its own",
          advice: "compare on a run without --beside")
      }
      let run = try options.finishedRun()
      let comparisons = try run.compareQuantisations(epochs: epochs, threads: options.threads) { Output.say($0) }
      try Output.write(QuantisationComparison.markdown(comparisons, of: run.record))
    }
  }
}
