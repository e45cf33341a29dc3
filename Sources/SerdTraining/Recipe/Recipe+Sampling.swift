import SerdCorpora
import SerdLearning

extension Recipe {
  /// In which order epochs take the training recordings.
  package func sampling(of data: TrainingData, labels: [Int], classes: Int) -> ClassSampling {
    guard balancesCorpora == true else {
      return ClassSampling(of: data.indices, labels: labels, classes: classes, balance: classBalance)
    }
    let recordings = data.recordings
    // A corpus weighs 1, a label of it 1 / its labels, a speaker of that 1 / its speakers, and so on.
    let corpora = Dictionary(grouping: recordings.indices) { recordings[$0].corpus ?? "" }
    var weights = [Double](repeating: 0, count: recordings.count)
    for members in corpora.values {
      let labels = Dictionary(grouping: members) { recordings[$0].label }
      for members in labels.values {
        let speakers = Dictionary(grouping: members) { recordings[$0].speaker }
        for members in speakers.values {
          for index in members { weights[index] = 1 / Double(labels.count * speakers.count * members.count) }
        }
      }
    }
    return ClassSampling(of: data.indices, weights: weights, count: epochRecordings ?? data.indices.count)
  }
}
