import Foundation
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// The forms of a fold's network side by side.
@Suite struct QuantisationComparisonTests {
  @Test("Every form of a network is tested on the same recordings, and read when asked again")
  func everyFormIsTestedOnTheSameRecordings() throws {
    let tiny = try TinyTraining()
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    let folds = Array(EvaluationProtocol.loso.folds(of: tiny.corpus).prefix(2))
    let results = try tiny.crossValidation(path, folds: folds).run { _ in }
    func compare() throws -> [QuantisationComparison] {
      try FinishedRun(folder: path, corpus: tiny.corpus) { tiny.features }
        .compareQuantisations(epochs: 2, threads: 1) { _ in }
    }
    let comparisons = try compare()
    for (comparison, result) in zip(comparisons, results) {
      #expect(comparison.decisions[.float] == result.float)
      #expect(comparison.decisions[.extremes] == result.int8, "that is what crossval does")
      for form in QuantisationComparison.Form.allCases {
        #expect(comparison.decisions[form]?.map(\.recording) == result.int8.map(\.recording))
      }
      #expect(comparison.decisions[.trained] != comparison.decisions[.leastError])
      #expect(comparison.decisions[.continued] != comparison.decisions[.float])
    }
    #expect(try compare() == comparisons, "read, not made again")
    let table = try QuantisationComparison.markdown(comparisons, of: RunRecord(folders: [path]))
    let ua = results.flatMap(\.float).matrix(7).unweightedAccuracy
    #expect(table.contains(String(format: "| all | | %.1f |", ua * 100)) && table.contains("| 03 | 1 |"))
    #expect(table.contains("| minus float [95 %] | | |"))
    #expect(table.hasPrefix("Protocol loso: ") && !table.contains("Not done"))
    // As a run under `paper` that lacks a fold.
    let leaky = Experiment(corpus: tiny.corpus, testedBy: .folds(.paper), recipe: TinyTraining.recipe)
    try OutputFile.write(StableJSON.data(leaky), to: path + "/run.json")
    try FileManager.default.removeItem(atPath: path + "/seed-1/fold-08/result.json")
    let marked = try QuantisationComparison.markdown([comparisons[0]], of: RunRecord(folders: [path]))
    #expect(marked.contains("paper (LEAKY)") && marked.contains("not in these figures: seed 1 fold 08"))
    #expect(table.contains("| minus float, as long as QAT [95 %] | | | | | |"))
  }
}
