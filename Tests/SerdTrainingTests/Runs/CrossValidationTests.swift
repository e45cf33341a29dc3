import Dispatch
import Foundation
import SerdFeatures
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// Cross-validation end to end on a tiny corpus: results, resumption, failures.
@Suite struct CrossValidationTests {
  let tiny: TinyTraining
  let scratch: ScratchFolder

  init() throws {
    tiny = try TinyTraining()
    scratch = try ScratchFolder()
  }

  @Test("Every fold of every seed is tested once, and read when the run is repeated")
  func everyFoldOfEverySeedIsTestedOnceAndNotTwice() throws {
    let path = scratch.path + "/run"
    let results = try tiny.crossValidation(path, seeds: [1, 2]).run { _ in }
    #expect(results.map(\.seed) == [1, 1, 1, 1, 2, 2, 2, 2])
    #expect(results.map(\.fold) == ["03", "08", "09", "10", "03", "08", "09", "10"])
    for seed in 0..<2 {
      let tested = results[(4 * seed)..<(4 * seed + 4)].flatMap { $0.int8.map(\.recording) }
      #expect(tested.sorted() == tiny.corpus.recordings.map(\.name).sorted())
    }
    for result in results {
      #expect(result.float.map(\.recording) == result.int8.map(\.recording))
      #expect(result.int8.allSatisfy { $0.speaker == result.fold })
      // The gate does not take every one of these half seconds of buzzing for speech; what it refuses has no
      // probabilities.
      #expect(result.int8.allSatisfy { [0, 7].contains($0.probabilities.count) })
      #expect(result.int8.contains { !$0.probabilities.isEmpty })
      let bytes = try ModelFile.bytes(path: "\(path)/seed-\(result.seed)/fold-\(result.fold)/int8.safetensors")
      #expect(try QuantisedModel(parsing: bytes).description.provenance.seed == result.seed)
    }
    let log = try String(contentsOfFile: path + "/log.ndjson", encoding: .utf8)
    #expect(log.split(separator: "\n").count == 8 * TinyTraining.recipe.epochs)
    let again = try tiny.crossValidation(path, seeds: [1, 2]).run { _ in }
    #expect(again == results, "read, not trained again: the training times are the same")
    #expect(try String(contentsOfFile: path + "/log.ndjson", encoding: .utf8) == log)
  }

  @Test("The number of jobs does not change a decision")
  func jobsDoNotMatter() throws {
    func decisions(_ jobs: Int) throws -> [[Decision]] {
      try tiny.crossValidation("\(scratch.path)/\(jobs)", jobs: jobs).run { _ in }.map(\.int8)
    }
    #expect(try decisions(1) == decisions(3))
  }

  @Test("A failure names its seed and fold")
  func aFailureNamesItsFold() throws {
    var recipe = TinyTraining.recipe
    recipe.schedule = .constant(1e30)
    let folds = [EvaluationProtocol.loso.folds(of: tiny.corpus)[2]]
    let run = try tiny.crossValidation(scratch.path + "/run", recipe: recipe, folds: folds)
    let error = thrown(RunFailure.self) { try run.run { _ in } }
    #expect(error?.id == FoldID(seed: 1, fold: "09") && error?.failure is TrainingError)
    #expect(error?.description.contains("seed 1 fold 09: the loss became") == true)
  }

  @Test("A damaged checkpoint is named")
  func aDamagedCheckpointIsNamed() throws {
    let folds = [EvaluationProtocol.loso.folds(of: tiny.corpus)[0]]
    let path = scratch.path + "/run"
    let run = try tiny.crossValidation(path, folds: folds)
    let folder = path + "/seed-1/fold-03"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try scratch.write("run/seed-1/fold-03/checkpoint.safetensors", Array("damaged".utf8))
    let error = thrown(RunFailure.self) { try run.run { _ in } }
    #expect(error?.description.contains(folder + "/checkpoint.safetensors") == true)
  }

  /// What was written half when a process was killed goes; a checkpoint of a version that did not say whose it is is
  /// taken.
  @Test("A run goes on after a killed process, and from a checkpoint of an earlier version")
  func itGoesOnAfterAKilledProcessAndAnEarlierVersion() throws {
    let fold = EvaluationProtocol.loso.folds(of: tiny.corpus)[0]
    let trainer = tiny.trainer(on: fold.train, seed: 1)
    struct Stop: Error {}
    _ = thrown(Stop.self) { try trainer.run { if $0.epoch == 2 { throw Stop() } } }
    let path = scratch.path + "/run"
    let run = try tiny.crossValidation(path, folds: [fold])
    try run.validation.folder.announce(FoldID(seed: 1, fold: "03"))
    try scratch.write("run/seed-1/fold-03/checkpoint.safetensors", trainer.checkpoint().serialised())
    try scratch.write("run/seed-1/fold-03/checkpoint.safetensors.0123ABCD.part", [1, 2, 3])
    let resumed = try run.run { _ in }
    let log = try String(contentsOfFile: path + "/log.ndjson", encoding: .utf8)
    #expect(log.split(separator: "\n").count == TinyTraining.recipe.epochs - 2)
    let whole = try tiny.crossValidation(scratch.path + "/whole", folds: [fold]).run { _ in }
    #expect(resumed.map(\.int8) == whole.map(\.int8))
    let files = try FileManager.default.contentsOfDirectory(atPath: path + "/seed-1/fold-03").sorted()
    #expect(files == ["float.safetensors", "int8.safetensors", "lock", "result.json"])
  }

  @Test("The only speaker of a corpus cannot be left out")
  func oneSpeakerCannotBeLeftOut() throws {
    let alone = try TinyTraining(speakers: ["03"])
    let error = thrown(TrainingError.self) { try alone.crossValidation(scratch.path + "/run").run { _ in } }
    #expect(error?.problem.contains("fold 03") == true)
  }

  @Test("Table and ledger hold the run's figures, and a table printed again adds nothing to the ledger")
  func tableAndLedgerHoldTheFigures() throws {
    let results = try tiny.crossValidation(scratch.path + "/run").run { _ in }
    let experiment = Experiment(corpus: "EMO-DB", testedBy: .folds(.loso), recipe: TinyTraining.recipe)
    let table = ResultTable(experiment: experiment, labels: tiny.corpus.labels, results: results).markdown
    let (float, int8) = (results.flatMap(\.float).matrix(7), results.flatMap(\.int8).matrix(7))
    func percent(_ value: Double) -> String { String(format: "%.1f", value * 100) }
    for matrix in [float, int8] {
      for value in [matrix.weightedAccuracy, matrix.unweightedAccuracy, matrix.weightedF1, matrix.macroF1] {
        #expect(table.contains(percent(value) + " ["), "\(value)")
      }
    }
    #expect(table.contains("| anger | " + int8.counts[0].map(String.init).joined(separator: " | ")))
    #expect(table.contains("loso") && table.contains("4 speakers") && table.contains("tiny"))

    let path = scratch.path + "/ledger.ndjson"
    let entry = LedgerEntry(experiment: experiment, results: results, classes: 7, revision: "abc")
    try entry.add(to: path)
    try LedgerEntry(experiment: experiment, results: results, classes: 7, revision: "def").add(to: path)
    try LedgerEntry(experiment: experiment, results: Array(results.dropLast()), classes: 7, revision: "").add(to: path)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 2, "a table that is printed again is no other look at the test speakers")
    let first = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    #expect(first["protocol"] as? String == "loso" && first["recipe"] as? String == "tiny")
    #expect(first["transform"] as? String == TransformKind.chosen.rawValue)
    #expect(first["revision"] as? String == "abc" && first["epochs"] as? Int == 4 && first["seeds"] as? [Int] == [1])
    #expect(abs((first["int8UA"] as? Double ?? -1) - int8.unweightedAccuracy) <= 5e-5)
    #expect(abs((first["floatWA"] as? Double ?? -1) - float.weightedAccuracy) <= 5e-5)

    // Processes that share a run may print its table at the same moment.
    let shared = scratch.path + "/shared.ndjson"
    DispatchQueue.concurrentPerform(iterations: 16) { _ in try? entry.add(to: shared) }
    #expect(try String(contentsOfFile: shared, encoding: .utf8).split(separator: "\n") == [lines[0]])
  }
}
