import Foundation
import SerdCorpora
import SerdTestKit
import SerdTraining
import Testing

/// The models of a finished run, tried in noise and in rooms.
@Suite struct RobustnessTests {
  /// The table of a tiny run: the recordings as they are give what the run itself counted.
  @Test("A finished run is tried under all conditions; as recorded it gives what it counted")
  func aFinishedRunIsTriedUnderAllConditions() throws {
    let tiny = try TinyTraining()
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    var recipe = TinyTraining.recipe
    recipe.epochs = 1
    let folds = Array(EvaluationProtocol.loso.folds(of: tiny.corpus).prefix(2))
    let run = try tiny.crossValidation(path, recipe: recipe, folds: folds, seeds: [1, 2])
    let results = try run.run { _ in }
    let robustness = try Robustness(of: run.validation.folder, corpus: tiny.corpus) { _ in }
    #expect(robustness.trials.count == Robustness.conditions.count)
    #expect(robustness.trials.allSatisfy { $0.decisions.count == 4 * folds[0].test.count })
    #expect(robustness.trials[0].decisions == results.flatMap(\.int8))
    #expect(robustness.trials[3].decisions != results.flatMap(\.int8))
    try robustness.write(into: run.validation.folder)
    let read = try JSONDecoder().decode(
      Robustness.self, from: Data(contentsOf: URL(fileURLWithPath: path + "/robustness.json")))
    #expect(read.trials.map(\.decisions) == robustness.trials.map(\.decisions))
    let table = robustness.markdown(classes: 7)
    for condition in Robustness.conditions { #expect(table.contains("| \(condition.name) | ")) }
    #expect(table.contains("Protocol loso") && !table.contains("LEAKY"))
    #expect(robustness.unfinished == ["seed 1 fold 09", "seed 1 fold 10", "seed 2 fold 09", "seed 2 fold 10"])
    #expect(table.contains("Not done, and not in these figures: seed 1 fold 09, "))
    let other = Corpus(name: "other", labels: ["a"], recordings: tiny.corpus.recordings, leftOut: [], terms: "")
    #expect(
      thrown(TrainingError.self) { try Robustness(of: run.validation.folder, corpus: other) { _ in } }?.cause == .usage)
    let none = thrown(TrainingError.self) { try RunFolder(reading: scratch.path) }
    #expect(none?.cause == .noInput)
  }

  /// Robustness is of the models that the headline is of, not of those of a single corpus too.
  @Test("Across corpora, robustness is that of the models trained on all of them")
  func disturbancesAreTriedOnTheModelsOfAllCorpora() throws {
    let (first, second) = (try TinyTraining(speakers: ["03", "08"]), try TinyTraining(speakers: ["09", "10"]))
    let other = Corpus(
      name: "TWO", labels: second.corpus.labels, recordings: second.corpus.recordings, leftOut: [], terms: "")
    let joint = try Corpus.joined([first.corpus, other])
    var recipe = TinyTraining.recipe
    recipe.epochs = 1
    let scratch = try ScratchFolder()
    let experiment = Experiment(corpus: joint, testedBy: .folds(.cross(2)), recipe: recipe)
    let run = CrossValidation(
      folder: try RunFolder(path: scratch.path, experiment: experiment), corpus: joint, seeds: [1],
      folds: EvaluationProtocol.cross(2).folds(of: joint), provenance: TinyTraining.provenance)
    let results = try run.run(on: FeatureSet(of: joint, settings: recipe.features), jobs: 2) { _ in }
    let robustness = try Robustness(of: run.folder, corpus: joint) { _ in }
    #expect(robustness.trials[0].decisions == results.suffix(2).flatMap(\.int8))
    #expect(robustness.trials[0].decisions.count == joint.recordings.count && robustness.unfinished.isEmpty)
  }
}
