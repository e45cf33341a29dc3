import Foundation

extension TrainingLog {
  /// One quantity of the log over the epochs of one training.
  package struct Curve: Codable, Equatable, Sendable {
    /// The fold's name.
    package let fold: String
    /// The training's seed.
    package let seed: UInt64
    /// The log's name for it: `loss`.
    package let quantity: String
    /// Rising.
    package let epochs: [Int]
    /// One per epoch.
    package let values: [Double]
  }

  /// The curves of all trainings, sorted by seed, fold and quantity; none without a log.
  ///
  /// Whatever number a line holds besides its fold, seed and epoch is followed, those of a nested object under both
  /// names, so a trainer that logs more needs no other reader. A line that cannot be read (the last one of a run that
  /// was killed) is passed over.
  var curves: [Curve] {
    var values: [FoldID: [String: [Int: Double]]] = [:]
    for line in lines {
      guard let object = try? JSONSerialization.jsonObject(with: line) as? [String: Any],
        let fold = object["fold"] as? String, let seed = (object["seed"] as? NSNumber)?.uint64Value,
        let epoch = (object["epoch"] as? NSNumber)?.intValue
      else { continue }
      for (quantity, value) in Self.numbers(of: object) where !["fold", "seed", "epoch"].contains(quantity) {
        // An epoch that was trained again after a stop is written twice and is the same.
        values[FoldID(seed: seed, fold: fold), default: [:]][quantity, default: [:]][epoch] = value
      }
    }
    let curves = values.flatMap { id, quantities in
      quantities.map { quantity, points in
        let epochs = points.keys.sorted()
        return Curve(
          fold: id.fold, seed: id.seed, quantity: quantity, epochs: epochs, values: epochs.map { points[$0]! })
      }
    }
    return curves.sorted { ($0.seed, $0.fold, $0.quantity) < ($1.seed, $1.fold, $1.quantity) }
  }

  /// The finite numbers of an object by name; `validation focal` for those one level down.
  private static func numbers(of object: [String: Any]) -> [(String, Double)] {
    object.flatMap { name, value -> [(String, Double)] in
      if let number = (value as? NSNumber)?.doubleValue { return number.isFinite ? [(name, number)] : [] }
      return numbers(of: value as? [String: Any] ?? [:]).map { ("\(name) \($0.0)", $0.1) }
    }
  }
}
