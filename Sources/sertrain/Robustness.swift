import ArgumentParser
import SerdConsole
import SerdTraining

/// `sertrain robustness`: a finished cross-validation in noise and in rooms.
struct RobustnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "robustness",
    abstract: "Test the models of a finished crossval in noise, rooms and a narrow band; prints a table as Markdown.",
    discussion: "Also writes robustness.json into the run folder.")

  @OptionGroup var source: CorpusOptions

  @Option(name: .customLong("run"), help: "Folder of the run.")
  var runFolder: String

  func run() throws {
    try reporting {
      let folder = try RunFolder(reading: runFolder)
      let corpus = try source.read(for: folder.experiment.recipe)
      let robustness = try Robustness(of: folder, corpus: corpus) { Output.say($0) }
      // Whatever of the two cannot be written, the other is: it took minutes to compute.
      let written = Result { try robustness.write(into: folder) }
      try Output.write(robustness.markdown(classes: corpus.labels.count))
      try written.get()
    }
  }
}
