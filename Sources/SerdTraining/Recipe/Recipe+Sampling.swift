import Foundation
import SerdCorpora
import SerdLearning

extension Recipe {
  /// In which order epochs take the training recordings.
  package func sampling(of data: TrainingData, labels: [Int], classes: Int) -> ClassSampling {
    guard balancesCorpora == true else {
      return ClassSampling(of: data.indices, labels: labels, classes: classes, balance: classBalance)
    }
    return ClassSampling(
      of: data.indices, weights: Self.balancedWeights(of: data.recordings),
      count: epochRecordings ?? data.indices.count)
  }

  /// What each recording counts, where all are taken at once; of any scale.
  func recordingWeights(of recordings: [Recording], classes: Int) -> [Double] {
    if balancesCorpora == true { return Self.balancedWeights(of: recordings) }
    var occurrences = [Double](repeating: 0, count: classes)
    for recording in recordings { occurrences[recording.label] += 1 }
    return recordings.map { pow(occurrences[$0.label], -classBalance) }
  }

  /// A corpus weighs 1, a label of it 1 / its labels, a speaker of that 1 / its speakers, and so on.
  private static func balancedWeights(of recordings: [Recording]) -> [Double] {
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
    return weights
  }
}
