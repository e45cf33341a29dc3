import Foundation
import SerdFeatures

/// A line per finished evaluation run, so that a reader sees how often the test speakers were looked at. Lines are only
/// added.
package struct LedgerEntry: Codable, Sendable {
  /// ISO 8601, UTC.
  package let date: String
  /// Name of the corpus.
  package let corpus: String
  /// Name of the protocol.
  package let evaluationProtocol: String
  /// Whether the protocol shares speakers between training and test; left out if it does not.
  package let leaky: Bool?
  /// Whether the models follow the test speaker's own speech; left out if they do not.
  package let follows: Bool?
  /// Name of the recipe.
  package let recipe: String
  /// Epochs trained.
  package let epochs: Int
  /// Seeds pooled in the figures.
  package let seeds: [UInt64]
  /// Git revision of the trainer.
  package let revision: String
  /// The front end's Fourier transform; absent from lines of before there was a choice.
  package let transform: String?
  /// Fractions: float and int8, weighted and unweighted accuracy over all folds and seeds.
  package let floatWA: Double?
  /// Float, unweighted accuracy.
  package let floatUA: Double?
  /// Int8, weighted accuracy.
  package let int8WA: Double
  /// Int8, unweighted accuracy.
  package let int8UA: Double

  private enum CodingKeys: String, CodingKey {
    case date, corpus, leaky, follows, recipe, epochs, seeds, revision, transform, floatWA, floatUA, int8WA, int8UA
    case evaluationProtocol = "protocol"
  }

  /// Sums up a run, dated now.
  package init(experiment: Experiment, results: [FoldResult], classes: Int, revision: String) {
    let results = experiment.headline(results)
    func rounded(_ value: Double) -> Double { (value * 10000).rounded() / 10000 }
    let decisions = results.flatMap(\.float)
    let float = decisions.isEmpty ? nil : decisions.matrix(classes)
    let int8 = results.flatMap(\.int8).matrix(classes)
    date = ISO8601DateFormatter().string(from: Date())
    corpus = experiment.corpus
    evaluationProtocol = experiment.testedBy.name
    leaky = experiment.evaluation?.isLeaky == true ? true : nil
    follows = experiment.recipe.follows ? true : nil
    recipe = experiment.recipe.name
    epochs = experiment.recipe.epochs
    seeds = Array(Set(results.map(\.seed))).sorted()
    self.revision = revision
    transform = TransformKind.chosen.rawValue
    floatWA = float.map { rounded($0.weightedAccuracy) }
    floatUA = float.map { rounded($0.unweightedAccuracy) }
    int8WA = rounded(int8.weightedAccuracy)
    int8UA = rounded(int8.unweightedAccuracy)
  }

  /// Adds the line to the ledger at `path`, made if need be; a run that is only printed again, which a line says
  /// already, adds none.
  ///
  /// Processes that share a run may all print its table at the same moment: the file is locked meanwhile.
  package func add(to path: String) throws {
    try OutputFile.append(StableJSON.data(self) + Data("\n".utf8), to: path) { known in
      known.split(separator: UInt8(ascii: "\n")).contains { line in
        (try? JSONDecoder().decode(LedgerEntry.self, from: Data(line)))?.isSame(as: self) == true
      }
    }
  }

  /// Whether two lines are the same but for the day and the program.
  private func isSame(as other: LedgerEntry) -> Bool {
    (corpus, evaluationProtocol, recipe) == (other.corpus, other.evaluationProtocol, other.recipe)
      && (epochs, seeds, floatWA, floatUA) == (other.epochs, other.seeds, other.floatWA, other.floatUA)
      && (int8WA, int8UA) == (other.int8WA, other.int8UA)
  }
}
