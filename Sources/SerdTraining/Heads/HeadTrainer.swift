import SerdCorpora
import SerdEncoder
import SerdFeatures
import SerdLearning
import SerdNetwork

/// Trains a head: multinomial logistic regression with a penalty on the squared weights, to its optimum. The weights
/// begin at zero, so the seed decides nothing but the order in which a head that follows hears the speakers.
enum HeadTrainer {
  /// What a training gave.
  struct Trained {
    let head: EncoderHead
    /// Of the cepstra of the training speech, for novelty.
    let cepstra: Standardisation
    let iterations: Int
    let loss: Double
  }

  /// - Throws: `TrainingError` if no recording has speech.
  static func train(on data: PooledData, recipe: Recipe, head: HeadRecipe, seed: UInt64) throws(TrainingError)
    -> Trained
  {
    var examples = HeadExamples(data, recipe: recipe, head: head, seed: seed)
    guard examples.count > 0 else {
      throw TrainingError("no recording to train on has speech", advice: "see sertrain inspect")
    }
    let standardisation = examples.standardisation
    examples.standardise(by: standardisation, following: head.following)
    let objective = HeadObjective(
      values: examples.values, targets: examples.targets, asked: examples.asked, weights: examples.weights,
      weightPenalty: head.weightPenalty)
    let (width, classes) = (examples.width, examples.classes)
    let result = LBFGS().minimise(from: Array(repeating: 0, count: classes * (width + 1))) {
      objective.value(at: $0, gradient: &$1)
    }
    return Trained(
      head: EncoderHead(
        settings: EncoderHead.Settings(blocks: head.blocks, following: head.following),
        standardisation: standardisation, weights: result.parameters[..<(classes * width)].map { Float($0) },
        biases: result.parameters[(classes * width)...].map { Float($0) }),
      cepstra: examples.cepstra, iterations: result.iterations, loss: result.value)
  }
}
