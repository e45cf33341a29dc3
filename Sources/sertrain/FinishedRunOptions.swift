import ArgumentParser
import Foundation
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
