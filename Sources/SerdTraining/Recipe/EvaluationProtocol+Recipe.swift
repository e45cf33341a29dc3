extension EvaluationProtocol {
  /// Refuses a recipe whose models follow the test speaker where that would pass for the protocol's own figures, and
  /// the reverse. Groups of speakers take it, for choosing such a recipe; what is printed of them says so
  /// (`Experiment.printedProtocol`).
  package func check(_ recipe: Recipe) throws(TrainingError) {
    let adapts = recipe.follows
    switch self {
    case .losoAdapted where !adapts, .locoAdapted where !adapts:
      throw TrainingError(
        .usage, "the models of recipe \(recipe.name) do not follow their speaker",
        advice: "use a recipe that does, or protocol \(self == .loco || self == .locoAdapted ? "loco" : "loso")")
    case .paper, .paper8020, .loso, .losoVal, .losoText, .holdout, .loco, .cross:
      guard adapts else { return }
      throw TrainingError(
        .usage, "the models of recipe \(recipe.name) follow the test speaker, which figures of \(name) would not say",
        advice: "use protocol \(self == .loco ? "loco" : "loso")-adapted")
    default: break
    }
  }
}
