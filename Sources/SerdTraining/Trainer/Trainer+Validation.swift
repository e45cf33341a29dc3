import SerdLearning

extension Trainer {
  /// Measures the network where epochs are chosen, and keeps its weights if it is the best so far, the latest of equals
  /// (as the original code has it).
  func validate(epoch: Int) throws -> EpochValidation? {
    guard let choosing else { return nil }
    setWeights(of: judge)
    let logits = heads.own(of: judge.logits(of: choosing.scaledWindows(for: trainedFrontEnd)))
    let classes = data.corpus.labels.count
    let truths = choosing.recordings.map(\.label)
    let predictions = truths.indices.map { logits[$0 * classes..<($0 + 1) * classes].likeliest! }
    let matrix = ConfusionMatrix(classes: classes, truths: truths, predictions: predictions)
    var focal = Loss.focal(gamma: 2)
    if case .focal = recipe.loss { focal = recipe.loss }
    let result = EpochValidation(
      weightedAccuracy: matrix.weightedAccuracy, unweightedAccuracy: matrix.unweightedAccuracy,
      weightedF1: matrix.weightedF1, macroF1: matrix.macroF1,
      crossEntropy: Loss.crossEntropy.evaluate(logits: logits, labels: truths, classes: classes).loss,
      focal: focal.evaluate(logits: logits, labels: truths, classes: classes).loss)
    guard result.crossEntropy.isFinite, result.focal.isFinite else {
      throw TrainingError(
        "the validation loss became \(result.crossEntropy) in epoch \(epoch)", advice: "lower the learning rate")
    }
    if result.weightedAccuracy >= best?.validation.weightedAccuracy ?? -1 {
      best = ChosenEpoch(
        epoch: epoch, validation: result, parameters: judge.parameters, runningStatistics: judge.runningStatistics)
    }
    return result
  }
}
