import Foundation
import SerdCorpora
import Testing

import SerdTraining

@Suite struct LocoTableTests {
  private static let labels = ["anger", "disgust", "happiness", "neutral", "sadness"]

  /// Of a corpus with these labels, each of two speakers right but for one label, which is taken for disgust, then for
  /// neutral.
  private static func result(_ corpus: String, _ has: [Int], wrong: Int) -> FoldResult {
    let decisions = ["a", "b"].flatMap { speaker in
      has.map { truth in
        var probabilities = [Float](repeating: 0.05, count: labels.count)
        probabilities[truth == wrong ? 3 : truth] = 0.4
        if truth == wrong { probabilities[1] = 0.5 }
        return Decision(
          recording: "\(speaker)\(truth)", speaker: "\(corpus):\(speaker)", truth: truth, probabilities: probabilities,
          corpus: corpus)
      }
    }
    return FoldResult(
      of: Fold(name: corpus, train: [], test: []), seed: 1, float: decisions, int8: decisions)
  }

  @Test("Each corpus is asked about its labels, the means are over corpora, and those that choose nothing stand apart")
  func rowsAndMeans() {
    let table = LocoTable(
      results: [
        Self.result("EMO-DB", [0, 1, 2, 3, 4], wrong: 4), Self.result("OTHER", [0, 2, 3, 4], wrong: 9),
        Self.result("THIRD", [0, 3], wrong: 9),
      ], labels: Self.labels
    ).markdown
    let rows = table.split(separator: "\n").map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    func row(_ name: String) -> [String]? {
      rows.first { $0.first == name }.map { $0.dropFirst().map { String($0.prefix { $0 != " " }) } }
    }
    // Three of four, all of four; the third lacks labels.
    #expect(row("four classes") == ["75.0", "100.0", "–", "87.5", "75.0"])
    #expect(row("all that it has") == ["80.0", "100.0", "100.0", "93.3", "80.0"])
    #expect(row("five, with fear") == nil)
    #expect(row("arousal")?.count == 5)
  }
}
