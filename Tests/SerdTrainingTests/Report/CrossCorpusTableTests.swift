import SerdCorpora
import SerdTestKit
import SerdTraining
import Testing

/// What models of each corpus know of the others, as a table.
@Suite struct CrossCorpusTableTests {
  /// Two models: one right about its own corpus and always "anger" about the other, one of both that is always right.
  @Test("The table across corpora pairs what was trained on with what was tested on")
  func theMatrixIsOfTheRightDecisions() throws {
    let labels = ["anger", "fear", "sadness"]
    func decisions(_ part: String, right: Bool) -> [Decision] {
      labels.indices.map { label in
        var probabilities: [Float] = [0.05, 0.05, 0.05]
        probabilities[right ? label : 0] = 0.9
        return Decision(
          recording: "\(label)", speaker: "\(part):1", truth: label, probabilities: probabilities, corpus: part)
      }
    }
    func result(_ trainedOn: [String]) -> FoldResult {
      let fold = Fold(name: "group 1 of \(trainedOn.count)", train: [], test: [], trainedOn: trainedOn)
      let all = ["ONE", "TWO"].flatMap { decisions($0, right: trainedOn.contains($0)) }
      return FoldResult(of: fold, seed: 1, float: all, int8: all)
    }
    let results = [result(["ONE"]), result(["TWO"]), result(["ONE", "TWO"])]
    let experiment = Experiment(corpus: "ONE + TWO", testedBy: .folds(.cross(2)), recipe: .plain)
    let text = ResultTable(experiment: experiment, labels: labels, results: results).markdown
    #expect(text.contains("| int8, as serd runs it | 100.0"), "the headline is of the model of both")
    #expect(text.contains("| emotion, UA: trained on \\ tested on | ONE | TWO |"))
    #expect(text.contains("| ONE | 100.0 [100.0, 100.0] | 33.3 [33.3, 33.3] |"))
    #expect(text.contains("| TWO | 33.3 [33.3, 33.3] | 100.0 [100.0, 100.0] |"))
    // "anger" is aroused: of two aroused and one calm recording all are called aroused.
    #expect(text.contains("| ONE | 100.0 [100.0, 100.0] | 50.0 [50.0, 50.0] |"))
    #expect(text.contains("Aroused: anger, fear. Calm: sadness."))
    let entry = LedgerEntry(experiment: experiment, results: results, classes: 3, revision: "r")
    #expect(entry.int8UA == 1)
  }
}
