import Foundation
import SerdFeatures
import SerdLearning
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// The recipes that repeat published experiments, and the learning rates that they are trained with.
@Suite struct PublishedRecipeTests {
  static let published = Recipe.named.filter { $0.published != nil }

  @Test("Every published column and cell has a recipe for both losses")
  func thereIsOneForEveryColumnAndCellWithBothLosses() throws {
    let names = Set(Self.published.map(\.name))
    let cells = ["emodb-3s", "iemocap-improvised-3s", "iemocap-improvised-7s", "iemocap-all-3s", "iemocap-all-7s"]
    let expected = ["report-emodb", "report-iemocap", "report-asvp-esd"] + cells.map { "paper-" + $0 }
    #expect(names == Set(expected.flatMap { [$0, $0 + "-focal"] }))
    #expect(Set(Recipe.named.map(\.name)).count == Recipe.named.count)
  }

  @Test(
    "Published recipes have the settings that were published, and are the same after storing",
    arguments: PublishedRecipeTests.published)
  func whatTheyShare(recipe: Recipe) throws {
    #expect(recipe.batchSize == 32 && recipe.dropout == 0.3 && recipe.weightDecay == .l2(1e-6))
    #expect(recipe.loss == (recipe.name.hasSuffix("-focal") ? .focal(gamma: 2) : .crossEntropy))
    #expect(recipe.preparation == .original && !recipe.standardises && recipe.frontEnd.clip == 10)
    #expect(recipe.augmentation == Augmentation() && recipe.versions.count == 0 && recipe.labelSmoothing == 0)
    let published = try #require(recipe.published)
    #expect(published.evaluationProtocol == .paper)
    let seconds = try #require(recipe.cutting).seconds
    #expect(recipe.name.contains("\(Int(seconds))s") || !recipe.name.hasPrefix("paper"))
    #expect(recipe.windowFrames == [2: 122, 3: 184, 7: 434][seconds])
    let isReport = recipe.name.hasPrefix("report")
    #expect(recipe.epochs == (isReport ? 200 : 300))
    #expect(recipe.frontEnd == (isReport ? .report : .paper))
    #expect(recipe.architecture == (recipe.name.contains("asvp") ? .wide : isReport ? .report : .paper))
    // It is stored in run.json, and compared when the run goes on.
    #expect(try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(recipe)) == recipe)
  }

  @Test("The original schedule keeps its first rate, then falls in steps")
  func theOriginalScheduleIsConstantThenSteps() {
    let schedule = LearningRateSchedule.stepped(initial: 1e-4, factor: Float(exp(-0.15)), every: 20, start: 50)
    func rate(_ epoch: Int, step: Int = 0) -> Float {
      schedule.rate(step: epoch * 7 + step, total: 2100, stepsPerEpoch: 7)
    }
    for epoch in [0, 20, 49, 50, 59] { #expect(rate(epoch, step: 6) == 1e-4, "\(epoch)") }
    for (epoch, steps) in [(60, 1), (79, 1), (80, 2), (100, 3), (299, 12)] {
      #expect(abs(rate(epoch) / (1e-4 * Float(exp(-0.15 * Double(steps)))) - 1) < 1e-5, "\(epoch)")
    }
    let early = LearningRateSchedule.stepped(initial: 1, factor: 0.5, every: 1, start: 1)
    #expect((0..<4).map { early.rate(step: $0, total: 4, stepsPerEpoch: 1) } == [1, 0.5, 0.25, 0.125])
  }

  /// Why the report's "e^-0.9 each epoch" is not taken at its word: the sum of the rates, in epochs at the first one.
  @Test("Taken at its word, the report's decay stops before two epochs' worth; our reading does not")
  func theReportsDecayAtItsWordStopsAfterTwoEpochs() throws {
    func epochs(_ schedule: LearningRateSchedule, _ count: Int) -> Double {
      (0..<count).reduce(0) { $0 + Double(schedule.rate(step: $1, total: count, stepsPerEpoch: 1)) } / 1e-4
    }
    let atItsWord = LearningRateSchedule.exponential(initial: 1e-4, factor: Float(exp(-0.9)))
    #expect(abs(epochs(atItsWord, 200) - 1.685) < 0.001 && abs(epochs(atItsWord, 300) - 1.685) < 0.001)
    let reading = try #require(Self.published.first { $0.name == "report-emodb" }).schedule
    #expect(abs(epochs(reading, 200) - 73.7) < 0.1)
  }
}
