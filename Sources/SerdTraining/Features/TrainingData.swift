import SerdCorpora
import SerdFeatures

/// Some recordings of a corpus with their features: what is trained on, chosen by, calibrated on or tested.
package struct TrainingData: Sendable {
  /// The corpus, with those beside it.
  package let corpus: Corpus
  /// Of all its recordings.
  package let features: FeatureSet
  /// Places in the corpus's recordings.
  package let indices: [Int]

  /// All recordings of a corpus.
  package init(corpus: Corpus, features: FeatureSet) {
    self.init(corpus: corpus, features: features, indices: Array(corpus.recordings.indices))
  }

  private init(corpus: Corpus, features: FeatureSet, indices: [Int]) {
    self.corpus = corpus
    self.features = features
    self.indices = indices
  }

  /// The recordings at these places of the corpus, in this order.
  package func at(_ indices: [Int]) -> TrainingData {
    TrainingData(corpus: corpus, features: features, indices: indices)
  }

  /// Those that are the corpus's own, not of one beside it.
  var own: TrainingData { at(corpus.own(of: indices)) }

  /// The recordings, in order.
  package var recordings: [Recording] { indices.map { corpus.recordings[$0] } }

  /// Mean and reciprocal deviation per coefficient over the plain windows (training speakers only).
  package var standardisation: Standardisation {
    let coefficients = features.frontEnd.coefficients
    var sums = [Double](repeating: 0, count: coefficients)
    var squares = sums
    for index in indices {
      features.withWindow(recording: index, version: 0) { window in
        for i in 0..<features.windowSize {
          sums[i % coefficients] += Double(window[i])
          squares[i % coefficients] += Double(window[i]) * Double(window[i])
        }
      }
    }
    let count = Double(indices.count * features.frames)
    let means = sums.map { $0 / count }
    let deviations = zip(squares, means).map { max(1e-10, $0 / count - $1 * $1).squareRoot() }
    return Standardisation(
      mean: means.map { Float($0) }, reciprocalDeviation: deviations.map { Float(1 / ($0 + 1e-5)) })
  }
}
