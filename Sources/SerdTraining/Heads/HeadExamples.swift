import SerdCorpora
import SerdEncoder
import SerdFeatures
import SerdLearning

/// What a head learns from: the pooled windows of the training recordings, each with its weight, its target and the
/// labels that it is asked about.
struct HeadExamples {
  /// Values of a window.
  let width: Int
  let classes: Int
  /// Windows × `width`: the mean over the head's blocks.
  private(set) var values: [Float] = []
  /// Windows × `classes`; 0 for labels that a window's corpus does not have.
  private(set) var targets: [Float] = []
  /// Windows × `classes`: 1 for labels that a window is asked about.
  private(set) var asked: [Float] = []
  /// One per window; their sum is 1.
  private(set) var weights: [Float] = []
  /// Of the speech's cepstra, for novelty.
  private(set) var cepstra: Standardisation
  /// Whose windows in which version follow each other, as if they were one stream: ranges of windows.
  private(set) var streams: [Range<Int>] = []

  var count: Int { weights.count }

  /// - Parameter seed: decides in which order a speaker's recordings follow each other.
  init(_ data: PooledData, recipe: Recipe, head: HeadRecipe, seed: UInt64) {
    let features = data.features
    let corpus = data.corpus
    let targets = TargetDistributions(
      corpus: corpus, labelSmoothing: recipe.labelSmoothing, listenerDoubt: recipe.listenerDoubt)
    (width, classes) = (data.pooled.inputs, corpus.labels.count)
    let recordingWeights = recipe.recordingWeights(of: data.indices.map { corpus.recordings[$0] }, classes: classes)
    let weightOf = Dictionary(uniqueKeysWithValues: zip(data.indices, recordingWeights))
    var moments = CepstralMoments(coefficients: recipe.frontEnd.coefficients)
    let bySpeaker = Dictionary(grouping: data.indices) { corpus.recordings[$0].speaker }.sorted { $0.key < $1.key }
    var generator = SeededGenerator(seed: seed)
    for (_, recordings) in bySpeaker {
      for version in 0..<features.versions {
        let start = weights.count
        for index in recordings.shuffled(using: &generator) {
          let windows = data.windows(of: index, version: version)
          let shares = windows.map { $0.share * $0.share }
          let sum = shares.reduce(0, +)
          for (window, share) in zip(windows, shares) {
            values += window.values
            self.targets += targets.of(corpus.recordings[index])[..<classes]
            asked += targets.asked(corpus.recordings[index])[..<classes]
            let weight = Float(weightOf[index]!) * share / (sum * Float(features.versions))
            weights.append(weight)
            if version == 0 { moments.add(window.moments, weight: Double(weight)) }
          }
        }
        streams.append(start..<weights.count)
      }
    }
    cepstra = moments.standardisation
    // Recordings without speech have given none of theirs.
    let total = weights.reduce(0, +)
    for i in weights.indices { weights[i] /= max(total, .leastNormalMagnitude) }
  }

  /// Mean and reciprocal deviation of each value, by the windows' weights.
  var standardisation: Standardisation {
    var means = [Double](repeating: 0, count: width)
    var squares = means
    for window in 0..<count {
      let weight = Double(weights[window])
      for i in 0..<width {
        let value = Double(values[window * width + i])
        means[i] += weight * value
        squares[i] += weight * value * value
      }
    }
    return Standardisation(
      mean: means.map { Float($0) },
      reciprocalDeviation: zip(means, squares).map { Float(1 / max(1e-10, $1 - $0 * $0).squareRoot()) })
  }

  /// Standardises all windows: by the training speakers' statistics, or by those of the stream so far.
  mutating func standardise(by standardisation: Standardisation, following: SpeakerFollowing?) {
    values.withUnsafeMutableBufferPointer { values in
      for stream in streams {
        let speaker = following.map { FollowedSpeaker(prior: standardisation, settings: $0) }
        for window in stream {
          let vector = values.baseAddress! + window * width
          if let known = speaker?.hear(vector) {
            for i in 0..<width { vector[i] = (vector[i] - known[i]) * known[width + i] }
          } else {
            for i in 0..<width {
              vector[i] = (vector[i] - standardisation.mean[i]) * standardisation.reciprocalDeviation[i]
            }
          }
        }
      }
    }
  }
}

/// Weighted sums of cepstral moments.
private struct CepstralMoments {
  private var sums: [Double]
  private var weight = 0.0

  init(coefficients: Int) { sums = Array(repeating: 0, count: 2 * coefficients) }

  mutating func add(_ moments: ArraySlice<Float>, weight: Double) {
    for (i, value) in moments.enumerated() { sums[i] += weight * Double(value) }
    self.weight += weight
  }

  var standardisation: Standardisation {
    let count = sums.count / 2
    let means = sums.map { $0 / max(weight, .leastNormalMagnitude) }
    return Standardisation(
      mean: means[..<count].map { Float($0) },
      reciprocalDeviation: (0..<count).map {
        Float(1 / (max(1e-10, means[count + $0] - means[$0] * means[$0]).squareRoot() + 1e-5))
      })
  }
}
