import SerdSystem

/// Why training cannot go on.
package typealias TrainingError = Explained<TrainingSubject>

/// Recipes, runs and what is made of them.
package enum TrainingSubject {}

extension Explained where Subject == TrainingSubject {
  /// What there is cannot be used, or the training itself failed.
  init(at place: String? = nil, _ problem: String, advice: String) {
    self.init(.badData, at: place, problem, advice: advice)
  }
}
