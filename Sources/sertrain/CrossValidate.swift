import ArgumentParser
import Foundation
import SerdTraining

/// `sertrain crossval`: trains and tests every fold, ends with the table.
struct CrossValidate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crossval",
    abstract: "Train and test on folds that share no speaker; prints the table of results as Markdown.",
    discussion:
      "Progress goes to stderr and to log.ndjson in the run folder. Stopped at any moment, the same command goes on.")

  @OptionGroup var data: DataOptions

  @Option(name: .customLong("protocol"), help: "loso (leave one speaker out) or groups-N (speakers in N groups).")
  var protocolName = "loso"

  @Option(help: "Seeds, separated by commas.")
  var seeds = "1"

  @Option(help: "Only these folds, by name (test speakers), separated by commas.")
  var folds: String?

  @Option(help: "Folds trained at the same time, each on one thread.")
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "File that gets a line when all folds are done: how often the test speakers were looked at.")
  var ledger: String?

  func run() throws {
    try orExplain {
      let recipe = try data.chosenRecipe()
      guard let evaluation = EvaluationProtocol(name: protocolName) else {
        throw TrainingError("there is no protocol \"\(protocolName)\"", advice: "use loso or groups-N")
      }
      let seedList = seeds.split(separator: ",").compactMap { UInt64($0) }
      guard !seedList.isEmpty else { throw TrainingError("\"\(seeds)\" are no seeds", advice: "write --seeds 1,2,3") }
      let corpus = try data.readCorpus()
      let folds = try chosenFolds(of: corpus, evaluation)
      let experiment = Experiment(corpus: corpus.name, evaluationProtocol: evaluation.name, recipe: recipe)
      let folder = try RunFolder(path: data.run, experiment: experiment)
      let run = CrossValidation(
        experiment: experiment, corpus: corpus, features: try data.features(of: corpus, recipe: recipe), folder: folder,
        seeds: seedList, folds: folds, jobs: jobs,
        provenance: data.provenance(corpus: corpus, recipe: recipe, seed: seedList[0]))
      let results = try run.run { say($0) }
      print(ResultTable(experiment: experiment, labels: corpus.labels, results: results).markdown, terminator: "")
      if let ledger, self.folds == nil {
        try LedgerEntry(experiment: experiment, results: results, classes: corpus.labels.count, revision: revision())
          .append(to: ledger)
      }
    }
  }

  private func chosenFolds(of corpus: Corpus, _ evaluation: EvaluationProtocol) throws -> [Fold] {
    let all = evaluation.folds(of: corpus)
    guard let folds else { return all }
    return try folds.split(separator: ",").map { name in
      guard let fold = all.first(where: { $0.name == name }) else {
        throw TrainingError(
          "there is no fold \"\(name)\"", advice: "folds are \(all.map(\.name).joined(separator: ", "))")
      }
      return fold
    }
  }
}
