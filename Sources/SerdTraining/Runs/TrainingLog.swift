import Foundation

/// Reads what a run wrote into `log.ndjson` as curves.
///
/// Whatever number a line holds besides its fold, seed and epoch is followed, those of a nested object under both names, so a trainer
/// that logs more needs no other reader.
/// A line that cannot be read (the last one of a run that was killed) is passed over.
enum TrainingLog {
  /// The curves of all trainings below a run folder, sorted by seed, fold and quantity; none without a log.
  static func curves(folder: String) -> [RunRecord.Curve] {
    struct Training: Hashable {
      let seed: UInt64
      let fold: String
    }
    var values: [Training: [String: [Int: Double]]] = [:]
    let data = FileManager.default.contents(atPath: folder + "/log.ndjson") ?? Data()
    for line in data.split(separator: UInt8(ascii: "\n")) {
      guard let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
        let fold = object["fold"] as? String, let seed = (object["seed"] as? NSNumber)?.uint64Value,
        let epoch = (object["epoch"] as? NSNumber)?.intValue
      else { continue }
      for (quantity, value) in numbers(of: object) where !["fold", "seed", "epoch"].contains(quantity) {
        // An epoch that was trained again after a stop is written twice and is the same.
        values[Training(seed: seed, fold: fold), default: [:]][quantity, default: [:]][epoch] = value
      }
    }
    let curves = values.flatMap { training, quantities in
      quantities.map { quantity, points in
        let epochs = points.keys.sorted()
        return RunRecord.Curve(
          fold: training.fold, seed: training.seed, quantity: quantity, epochs: epochs,
          values: epochs.map { points[$0]! })
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
