import Foundation
import SerdNetwork
import SerdTestKit
import SerdTraining
import Synchronization
import Testing

/// Choosing an epoch: on the recordings that may choose, the best of them, and the same after an interruption.
@Suite struct EpochChoiceTests {
  let tiny: TinyTraining
  let train: [Int]
  let choosing: [Int]

  init() throws {
    let tiny = try TinyTraining()
    self.tiny = tiny
    choosing = tiny.corpus.recordings.indices.filter { tiny.corpus.recordings[$0].speaker == "08" }
    train = tiny.corpus.recordings.indices.filter { tiny.corpus.recordings[$0].speaker != "08" }
  }

  func trainer(_ recipe: Recipe = TinyTraining.recipe, seed: UInt64 = 7) -> Trainer {
    tiny.trainer(recipe, on: train, choosing: choosing, seed: seed)
  }

  @Test("The model is that of the best epoch on the choosing recordings, the latest of equals")
  func theModelIsThatOfTheBestEpochTheLatestOfEquals() throws {
    var recipe = TinyTraining.recipe
    recipe.epochs = 8
    recipe.schedule = .constant(3e-3)
    let trainer = trainer(recipe)
    var validations: [EpochValidation] = []
    var models: [[UInt8]] = []
    try trainer.run { progress in
      validations.append(try #require(progress.validation))
      models.append(try TinyTraining.bytes(trainer))
    }
    let best = try #require(validations.map(\.weightedAccuracy).max())
    let chosen = try #require(validations.lastIndex { $0.weightedAccuracy == best })
    #expect(try TinyTraining.bytes(trainer) == models[chosen])
    // What was measured is what the chosen model does.
    let model = try trainer.model(name: "tiny", provenance: TinyTraining.provenance)
    let matrix = try model.decisions(on: tiny.data.at(choosing)).matrix(7)
    #expect(matrix.weightedAccuracy == best && matrix.unweightedAccuracy == validations[chosen].unweightedAccuracy)
    #expect(matrix.weightedF1 == validations[chosen].weightedF1 && matrix.macroF1 == validations[chosen].macroF1)
    // (1 - p)^2 is below 1: the focal loss lies below the cross-entropy.
    #expect(validations.allSatisfy { 0 < $0.focal && $0.focal < $0.crossEntropy })
  }

  @Test("Measuring after each epoch does not change the training")
  func lookingDoesNotChangeTheTraining() throws {
    let looking = trainer()
    let blind = tiny.trainer(on: train)
    var (seen, unseen): ([Double], [Double]) = ([], [])
    try looking.run { seen.append($0.loss) }
    try blind.run { progress in
      #expect(progress.validation == nil)
      unseen.append(progress.loss)
    }
    #expect(seen == unseen)
  }

  @Test("A training that is interrupted after any epoch chooses the same model")
  func interruptedItChoosesTheSame() throws {
    let whole = trainer()
    var checkpoints: [[UInt8]] = []
    try whole.run { _ in checkpoints.append(whole.checkpoint().serialised()) }
    let expected = try TinyTraining.bytes(whole)
    for bytes in checkpoints {
      let resumed = trainer(seed: 99)
      try resumed.restore(Safetensors(parsing: bytes))
      try resumed.run { _ in }
      #expect(try TinyTraining.bytes(resumed) == expected)
    }
  }

  @Test("A checkpoint that does not know the best epoch is refused where one is chosen")
  func checkpointsWithoutAChoiceAreRefused() throws {
    let blind = tiny.trainer(on: train)
    var checkpoint = Safetensors()
    try blind.run { _ in checkpoint = blind.checkpoint() }
    let error = thrown(TrainingError.self) { try trainer().restore(checkpoint) }
    #expect(error?.problem.contains("which epoch is best") == true)
  }

  /// Under `paper` the result has the chosen epoch and its accuracies, and everything printed says that it is leaky.
  @Test("Under paper, a result has its chosen epoch, and everything printed says that it is leaky")
  func resultsNameTheirProtocolAndPaperIsMarkedWhereverItIsPrinted() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    let folds = EvaluationProtocol.paper.folds(of: tiny.corpus)
    let run = try tiny.run(path, by: .paper, folds: Array(folds.prefix(2)))
    let experiment = run.validation.folder.experiment
    let lines = Lines()
    let results = try run.run { lines.add($0) }
    for (result, fold) in zip(results, folds) {
      #expect(result.testedBy == .folds(.paper) && result.fold == fold.name)
      let choice = try #require(result.choice)
      #expect((1...4).contains(choice.epoch))
      #expect(choice.validation == result.float.matrix(7).weightedAccuracy, "it was chosen on the test fold")
      let count = Double(tiny.corpus.recordings.count)
      let both = choice.training * Double(fold.train.count) + choice.validation * Double(fold.test.count)
      #expect(abs(choice.whole - both / count) < 1e-12)
    }
    #expect(lines.all.filter { $0.contains("done:") }.allSatisfy { $0.contains("paper (LEAKY)") })
    let log = try String(contentsOfFile: path + "/log.ndjson", encoding: .utf8).split(separator: "\n")
    #expect(log.count == 8 && log.allSatisfy { $0.contains("\"crossEntropy\":") && $0.contains("\"focal\":") })
    let table = ResultTable(experiment: experiment, labels: tiny.corpus.labels, results: results).markdown
    #expect(table.hasPrefix("Protocol paper: LEAKY") && table.contains("EMO-DB, paper (LEAKY), recipe"))
    #expect(table.contains("| chosen checkpoint, training set |") && table.contains("| float, paper (LEAKY) |"))
    let ledger = scratch.path + "/ledger"
    try LedgerEntry(experiment: experiment, results: results, classes: 7, revision: "").add(to: ledger)
    #expect(try String(contentsOfFile: ledger, encoding: .utf8).contains("\"leaky\":true"))
    let figures = try CrossValidationFigures(record: RunRecord(folders: [path]))
    #expect(figures.byName.keys.allSatisfy { $0.hasPrefix("paper-leaky.") } && figures.byName.count == 6)
    #expect(figures.temperature == nil, "nothing is fitted to what leaks")
  }

  @Test("Published figures stand beside ours where the recipe repeats them, and nowhere else")
  func publishedFiguresStandBesideOurs() throws {
    let scratch = try ScratchFolder()
    let recipe = try #require(Recipe.named.first { $0.name == "report-emodb" })
    let run = try tiny.crossValidation(
      scratch.path + "/run", folds: [EvaluationProtocol.loso.folds(of: tiny.corpus)[0]])
    let results = try run.run { _ in }
    let experiment = Experiment(corpus: "EMO-DB", testedBy: .folds(.paper), recipe: recipe)
    let table = ResultTable(experiment: experiment, labels: tiny.corpus.labels, results: results).markdown
    let float = results[0].float.matrix(7)
    let here = String(format: "%.1f", float.weightedAccuracy * 100)
    #expect(table.contains("| weighted accuracy (WA: share of right answers) | \(here) | 82.05 |"), "\(table)")
    #expect(
      table.contains("| chosen checkpoint, whole set | – | 94.40 |") && table.contains("int8, on the same windows"))
    let plain = Experiment(corpus: "EMO-DB", testedBy: .folds(.loso), recipe: TinyTraining.recipe)
    let honest = ResultTable(experiment: plain, labels: tiny.corpus.labels, results: results).markdown
    #expect(!honest.contains("LEAKY") && !honest.contains("published") && honest.contains("int8, as serd runs it"))
  }
}

/// Lines of progress, which come from any thread.
final class Lines: Sendable {
  private let lines = Mutex<[String]>([])
  func add(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}
