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
        throw TrainingError("there is no protocol \"\(protocolName)\"", kind: .usage, advice: "use loso or groups-N")
      }
      let seedList = try chosenSeeds()
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

  private func chosenSeeds() throws -> [UInt64] {
    let words = seeds.split(separator: ",")
    let list = words.compactMap { UInt64($0) }
    guard !list.isEmpty, list.count == words.count, Set(list).count == list.count else {
      throw TrainingError("\"\(seeds)\" are no seeds", kind: .usage, advice: "write --seeds 1,2,3, each once")
    }
    return list
  }

  private func chosenFolds(of corpus: Corpus, _ evaluation: EvaluationProtocol) throws -> [Fold] {
    let all = evaluation.folds(of: corpus)
    guard let folds else { return all }
    let names = folds.split(separator: ",").map(String.init)
    guard !names.isEmpty else {
      throw TrainingError("\"\(folds)\" names no fold", kind: .usage, advice: "write --folds \(all[0].name)")
    }
    if let unknown = names.first(where: { name in !all.contains { $0.name == name } }) {
      throw TrainingError(
        "there is no fold \"\(unknown)\"", kind: .usage, advice: "folds are \(all.map(\.name).joined(separator: ", "))")
    }
    // In the protocol's order, and each once even if named twice: two jobs must not share a folder.
    return all.filter { names.contains($0.name) }
  }
}
