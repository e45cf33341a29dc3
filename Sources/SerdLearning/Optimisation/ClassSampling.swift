import Foundation

/// In which order an epoch takes the training recordings: as many as there are, each once, or drawn so that rare
/// classes come more often. An epoch of drawn ones may be of any length.
package struct ClassSampling: Sendable {
  private let recordings: [Int]
  /// Recordings of an epoch.
  package let count: Int
  /// Running sum of the recordings' weights; empty if each comes once.
  private let cumulative: [Double]

  /// - Parameters:
  ///   - labels: of each recording.
  ///   - balance: b in the weight n^-b of a recording whose class has n: 0 takes each once, with 1 all classes are
  ///     drawn alike.
  package init(of recordings: [Int], labels: [Int], classes: Int, balance: Double) {
    self.recordings = recordings
    count = recordings.count
    guard balance > 0 else {
      cumulative = []
      return
    }
    var occurrences = [Double](repeating: 0, count: classes)
    for label in labels { occurrences[label] += 1 }
    var sum = 0.0
    cumulative = labels.map { label in
      sum += pow(occurrences[label], -balance)
      return sum
    }
  }

  /// Drawn by weights of any scale, one for each recording: `count` of them an epoch.
  package init(of recordings: [Int], weights: [Double], count: Int) {
    self.recordings = recordings
    self.count = count
    var sum = 0.0
    cumulative = weights.map { weight in
      sum += weight
      return sum
    }
  }

  /// The next epoch's order.
  package func order(_ generator: inout SeededGenerator) -> [Int] {
    guard let sum = cumulative.last else { return recordings.shuffled(using: &generator) }
    return (0..<count).map { _ in
      let draw = Double(generator.next() >> 11) * 0x1p-53 * sum
      return recordings[min(recordings.count - 1, cumulative.partitioningIndex { $0 > draw })]
    }
  }
}

extension Array {
  /// First index whose element satisfies a predicate that is false, then true, along the array.
  fileprivate func partitioningIndex(_ isAfter: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
