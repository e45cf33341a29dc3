import ArgumentParser
import Foundation
import SerdConsole
import SerdCorpora
import SerdTraining

/// `sertrain crossval`: trains and tests every fold, ends with the table.
struct CrossValidate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crossval",
    abstract: "Train and test on folds, by a protocol; prints the table of results as Markdown.",
    discussion: """
      Progress goes to stderr and to log.ndjson in the run folder. Stopped at any moment, the same command goes on. Several
      processes, on one machine or more, may work in one run folder: each with --fold K, or all with the same command. The \
      table is printed once all folds are done, by the command without --fold.
      """)

  @OptionGroup var data: DataOptions

  @Option(
    name: .customLong("protocol"),
    help: "\(EvaluationProtocol.names.joined(separator: ", ")). Default: the recipe's experiment's, else loso.")
  var protocolName: String?

  @Option(help: "Seeds, separated by commas or spaces.")
  var seeds = "1"

  @Option(help: "Only these folds, by name (test speakers), separated by commas.")
  var folds: String?

  @Option(help: "Only the job of this number, from 1, of those that --list shows.")
  var fold: Int?

  @Flag(help: "List the jobs (seed and fold) with their numbers, and train nothing.")
  var list = false

  @Option(help: "Folds trained at the same time, each on one thread.")
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "File that gets a line when all folds are done: how often the test speakers were looked at.")
  var ledger: String?

  func run() throws {
    try reporting {
      try check(jobs: jobs)
      let start = try data.start()
      let recipe = try data.chosenRecipe(start: start)
      let evaluation = try namedProtocol() ?? recipe.published?.evaluationProtocol ?? .loso
      let seedList = try chosenSeeds()
      let corpus = try data.source.read(for: recipe)
      try start?.check(fits: recipe, corpus: corpus)
      try evaluation.check(recipe)
      try evaluation.check(corpus)
      let chosen = try chosenFolds(of: corpus, evaluation)
      let jobs = try chosenJobs(seeds: seedList, folds: chosen)
      if list {
        for job in jobs {
          try Output.write(
            "\(job.number)\tseed \(job.seed)\tfold \(job.fold.name)\ttrain \(job.fold.train.count)\ttest \(job.fold.test.count)\n"
          )
        }
        return
      }
      let experiment = Experiment(corpus: corpus, testedBy: .folds(evaluation), recipe: recipe)
      Output.say("protocol \(evaluation.name): \(experiment.caveat)")
      if let head = recipe.head {
        return try runHeads(head, experiment, corpus: corpus, jobs.map { ($0.seed, $0.fold) })
      }
      // A new folder belongs to the recordings from when all of them could be read.
      try OutputFile.makeFolder(data.run)
      if RunFolder.isFree(data.run) { try CorpusCopies.refuse(in: corpus) }
      let fresh = RunFolder.isFree(data.run) ? try computedFeatures(of: corpus, recipe: recipe) : nil
      let folder = try data.runFolder(for: experiment, start: start)
      for seed in seedList { for fold in chosen { try folder.announce(FoldID(seed: seed, fold: fold.name)) } }
      let run = CrossValidation(
        folder: folder, corpus: corpus, seeds: fold == nil ? seedList : [jobs[0].seed],
        folds: fold == nil ? chosen : [jobs[0].fold],
        provenance: data.provenance(corpus: corpus, recipe: recipe, seed: seedList[0], start: start))
      let results: [FoldResult]
      // A run that only has to be printed, or merged, needs no features.
      if let done = try run.results() {
        Output.say("\(done.count) of \(done.count) folds are done already")
        results = done
      } else {
        results = try run.run(on: try fresh ?? computedFeatures(of: corpus, recipe: recipe), jobs: self.jobs) {
          Output.say($0)
        }
      }
      try tell(results, experiment, corpus)
    }
  }

  /// The table and the ledger's line, once all folds are done.
  private func tell(_ results: [FoldResult], _ experiment: Experiment, _ corpus: Corpus) throws {
    guard fold == nil else { return }
    try Output.write(ResultTable(experiment: experiment, labels: corpus.labels, results: results).markdown)
    guard let ledger, folds == nil else { return }
    try LedgerEntry(experiment: experiment, results: results, classes: corpus.labels.count, revision: revision())
      .add(to: ledger)
  }

  /// The same with heads on an encoder.
  private func runHeads(
    _ head: HeadRecipe, _ experiment: Experiment, corpus: Corpus, _ jobs: [(seed: UInt64, fold: Fold)]
  ) throws {
    try OutputFile.makeFolder(data.run)
    if RunFolder.isFree(data.run) { try CorpusCopies.refuse(in: corpus) }
    let source = try pooled(corpus, by: head, recipe: experiment.recipe, encoder: data.encoder!)
    let folder = try data.runFolder(for: experiment, start: nil)
    let results = try HeadValidation(
      folder: folder, jobs: jobs.map { (FoldID(seed: $0.seed, fold: $0.fold.name), $0.fold) },
      provenance: data.provenance(corpus: corpus, recipe: experiment.recipe, seed: jobs[0].seed, start: nil)
    ).run(on: source.data, encoder: source.encoder, jobs: self.jobs) { Output.say($0) }
    try tell(results, experiment, corpus)
  }

  private struct Job {
    let number: Int
    let seed: UInt64
    let fold: Fold
  }

  /// All jobs, seed by seed, or the one that --fold asks for.
  private func chosenJobs(seeds: [UInt64], folds: [Fold]) throws -> [Job] {
    let all = seeds.flatMap { seed in folds.map { (seed, $0) } }.enumerated().map {
      Job(number: $0.offset + 1, seed: $0.element.0, fold: $0.element.1)
    }
    guard let fold else { return all }
    guard let job = all.first(where: { $0.number == fold }) else {
      throw CommandError(.usage, "there is no job \(fold)", advice: "use 1 to \(all.count); --list shows them")
    }
    return [job]
  }

  private func namedProtocol() throws -> EvaluationProtocol? {
    guard let protocolName else { return nil }
    guard let evaluation = EvaluationProtocol(name: protocolName) else {
      throw CommandError(
        .usage, "there is no protocol \"\(protocolName)\"",
        advice: "use \(EvaluationProtocol.names.joined(separator: ", "))")
    }
    return evaluation
  }

  private func chosenSeeds() throws -> [UInt64] {
    let words = WordList.words(seeds)
    let list = words.compactMap { UInt64($0) }
    guard !list.isEmpty, list.count == words.count, Set(list).count == list.count else {
      throw CommandError(.usage, "\"\(seeds)\" are no seeds", advice: "write --seeds 1,2,3, each once")
    }
    return list
  }

  private func chosenFolds(of corpus: Corpus, _ evaluation: EvaluationProtocol) throws -> [Fold] {
    let all = evaluation.folds(of: corpus)
    guard let folds else { return all }
    let names = folds.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    guard !names.isEmpty else {
      throw CommandError(.usage, "\"\(folds)\" names no fold", advice: "write --folds \(all[0].name)")
    }
    if let unknown = names.first(where: { name in !all.contains { $0.name == name } }) {
      throw CommandError(
        .usage, "there is no fold \"\(unknown)\"", advice: "folds are \(all.map(\.name).joined(separator: ", "))")
    }
    // In the protocol's order, and each once even if named twice: two jobs must not share a folder.
    return all.filter { names.contains($0.name) }
  }
}
