extension TemperatureScaling {
  /// The float decisions of every fold, with the temperature of the other folds' decisions. These are of networks that
  /// have heard the fold's speakers; the temperature, one number, has not. Of a protocol that keeps speakers apart.
  static func scaledByOtherFolds(_ results: [FoldResult]) -> [Decision] {
    Set(results.map(\.fold)).sorted().flatMap { fold in
      let own = results.filter { $0.fold == fold }.flatMap(\.ofOneWindow)
      let others = results.filter { $0.fold != fold }.flatMap(\.ofOneWindow)
      return scaled(own, by: temperature(of: others))
    }
  }
}
