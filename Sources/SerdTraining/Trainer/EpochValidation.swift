import Foundation
import SerdCorpora
import SerdLearning
import SerdNetwork

/// Measures of the float network after an epoch, on the recordings that choose the epoch.
package struct EpochValidation: Codable, Equatable, Sendable {
  /// Share of right decisions: what chooses.
  package let weightedAccuracy: Double
  /// Mean recall of the classes.
  package let unweightedAccuracy: Double
  /// F1 weighted by occurrences.
  package let weightedF1: Double
  /// Mean F1 of the classes.
  package let macroF1: Double
  /// Mean cross-entropy, without label smoothing.
  package let crossEntropy: Double
  /// Mean focal loss, with the recipe's γ, or 2 as the original code has it.
  package let focal: Double
}

/// The weights of the best epoch so far.
struct ChosenEpoch {
  let epoch: Int
  let validation: EpochValidation
  let parameters: [Float]
  let runningStatistics: [Float]

  /// Adds them to a checkpoint.
  func store(in file: inout Safetensors) {
    let summary = try? JSONEncoder().encode(Summary(epoch: epoch, validation: validation))
    file.metadata["best"] = summary.map { String(decoding: $0, as: UTF8.self) }
    file.set("best.parameters", shape: [parameters.count], floats: parameters)
    file.set("best.running", shape: [runningStatistics.count], floats: runningStatistics)
  }

  struct Summary: Codable {
    let epoch: Int
    let validation: EpochValidation
  }
}

extension FoldTrainer {
  /// Measures the network where epochs are chosen, and keeps its weights if it is the best so far, the latest of equals (as the
  /// original code has it).
  func validate(epoch: Int) throws -> EpochValidation? {
    guard !choosing.isEmpty else { return nil }
    setWeights(of: judge)
    var logits: [Float] = []
    let inputs = FoldEvaluation.scaledWindows(
      of: choosing, corpus: corpus, features: features, frontEnd: trainedFrontEnd)
    for start in stride(from: 0, to: choosing.count, by: 32) {
      let end = min(start + 32, choosing.count)
      logits += heads.own(
        of: judge.forward(
          Array(inputs[start * features.windowSize..<end * features.windowSize]), count: end - start, training: false))
    }
    let classes = corpus.labels.count
    let truths = choosing.map { corpus.recordings[$0].label }
    let predictions = choosing.indices.map { index in
      let row = logits[index * classes..<(index + 1) * classes]
      return row.indices.max { row[$0] < row[$1] }! - row.startIndex
    }
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

extension ChosenEpoch {
  /// Reads what `store` wrote.
  init(from file: Safetensors, like network: TrainableNetwork) throws {
    guard let text = file.metadata["best"],
      let summary = try? JSONDecoder().decode(Summary.self, from: Data(text.utf8))
    else {
      throw TrainingError("the checkpoint does not say which epoch is best", advice: "it needs the same protocol")
    }
    epoch = summary.epoch
    validation = summary.validation
    parameters = try file.floats("best.parameters", shape: [network.parameters.count])
    runningStatistics = try file.floats("best.running", shape: [network.runningStatistics.count])
  }
}
