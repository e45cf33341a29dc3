/// Counts of (true, predicted) label pairs, and the measures made of them, all as fractions.
package struct ConfusionMatrix: Codable, Equatable, Sendable {
  /// `counts[true][predicted]`.
  package private(set) var counts: [[Int]]

  /// A matrix without decisions.
  package init(classes: Int) { counts = Array(repeating: Array(repeating: 0, count: classes), count: classes) }

  /// From pairs of true and predicted labels.
  package init(classes: Int, truths: [Int], predictions: [Int]) {
    self.init(classes: classes)
    for (truth, prediction) in zip(truths, predictions) { counts[truth][prediction] += 1 }
  }

  /// All decisions of some matrices of `classes` classes.
  init(classes: Int, sumOf parts: [ConfusionMatrix]) {
    self.init(classes: classes)
    for part in parts {
      for truth in 0..<classes {
        for prediction in 0..<classes { counts[truth][prediction] += part.counts[truth][prediction] }
      }
    }
  }

  /// Counts one decision.
  package mutating func add(truth: Int, prediction: Int) { counts[truth][prediction] += 1 }

  /// Number of decisions.
  package var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Recall of each class; nil for a class that does not occur.
  package var recalls: [Double?] {
    counts.indices.map { label in
      let occurrences = counts[label].reduce(0, +)
      return occurrences == 0 ? nil : Double(counts[label][label]) / Double(occurrences)
    }
  }

  /// Precision of each class: the share of right ones among its predictions; nil for a class that is never predicted.
  package var precisions: [Double?] {
    counts.indices.map { label in
      let predictions = counts.reduce(0) { $0 + $1[label] }
      return predictions == 0 ? nil : Double(counts[label][label]) / Double(predictions)
    }
  }

  /// Weighted accuracy (WA): the share of right decisions.
  package var weightedAccuracy: Double {
    Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(max(1, total))
  }

  /// Unweighted accuracy (UA): the mean recall of the classes that occur.
  package var unweightedAccuracy: Double {
    let present = recalls.compactMap { $0 }
    return present.reduce(0, +) / Double(max(1, present.count))
  }

  /// F1 of each class: 2 · hits / (occurrences + predictions); nil for a class that neither occurs nor is predicted.
  package var f1s: [Double?] {
    counts.indices.map { label in
      let sum = counts[label].reduce(0, +) + counts.reduce(0) { $0 + $1[label] }
      return sum == 0 ? nil : 2 * Double(counts[label][label]) / Double(sum)
    }
  }

  /// Mean F1 of the classes that occur or are predicted.
  package var macroF1: Double {
    let present = f1s.compactMap { $0 }
    return present.reduce(0, +) / Double(max(1, present.count))
  }

  /// Mean F1 weighted by occurrences.
  package var weightedF1: Double {
    zip(counts, f1s).reduce(0) { $0 + Double($1.0.reduce(0, +)) * ($1.1 ?? 0) } / Double(max(1, total))
  }
}
