import ArgumentParser
import SerdTraining

/// `sertrain robustness`: a finished cross-validation in noise and in rooms.
struct RobustnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "robustness",
    abstract: "Test the models of a finished crossval in noise, rooms and a narrow band; prints a table as Markdown.",
    discussion: "Also writes robustness.json into the run folder.")

  @OptionGroup var source: CorpusOptions

  @Option(help: "Folder of the run.")
  var run: String

  func run() throws {
    try orExplain {
      let recipe = try Robustness.experiment(in: run).recipe
      var corpus = try source.read(like: recipe.published)
      if let cutting = recipe.cutting { corpus = try corpus.cut(cutting) }
      let robustness = try Robustness(runFolder: run, corpus: corpus) { say($0) }
      try robustness.write(into: run)
      print(robustness.markdown(classes: corpus.labels.count), terminator: "")
    }
  }
}
