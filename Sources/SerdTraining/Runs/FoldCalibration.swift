import Foundation
import SerdCorpora
import SerdNetwork

/// The temperature of one fold's model, found on training speakers, and what it does on the test speaker.
package struct FoldCalibration: Codable, Equatable, Sendable {
  /// The fold's name.
  package let fold: String
  /// The training's seed.
  package let seed: UInt64
  /// Inner trainings.
  package let holdouts: Int
  /// What logits are divided by.
  package let temperature: Float
  /// Training speakers whose confidences it was fitted on, by networks that had not heard them.
  package let heldOut: [String]
  /// Decisions of the calibrated int8 network on the test speakers.
  package let int8: [Decision]

  /// Where it lies in a fold's folder.
  static let fileName = "calibration.json"
}

extension FinishedRun {
  /// Groups that a fold's training speakers are dealt to; one group at a time is kept out of an inner training.
  package static let calibrationGroups = 3

  /// Fits a temperature per fold and writes `int8-calibrated.safetensors` and `calibration.json` beside its result.
  ///
  /// The fold's own network has heard all of its training speakers and is too sure on them. So networks are trained by the same recipe
  /// on some of the training speakers and asked about the others; the test speaker takes no part. Where the protocol chooses an epoch, so
  /// do they, on the same speaker. What is done is not done again.
  ///
  /// - Throws: `TrainingError` of a leaky protocol: there is no training speaker who is not tested.
  /// - Parameter holdouts: inner trainings per fold, 1 to `calibrationGroups`; each costs two thirds of the fold's training.
  @discardableResult
  package func calibrate(holdouts: Int, threads: Int, report: (String) -> Void) throws -> [FoldCalibration] {
    precondition((1...Self.calibrationGroups).contains(holdouts), "there are \(Self.calibrationGroups) groups")
    guard EvaluationProtocol(name: record.experiment.evaluationProtocol)?.isLeaky == false else {
      throw TrainingError(
        "under \(record.experiment.evaluationProtocol) every speaker is tested, and none is left to calibrate on",
        kind: .usage, advice: "calibrate a run whose protocol keeps speakers apart")
    }
    return try record.results.map { result in
      let (fold, path) = try fold(of: result)
      let file = "\(path)/\(FoldCalibration.fileName)"
      if let data = FileManager.default.contents(atPath: file),
        let known = try? JSONDecoder().decode(FoldCalibration.self, from: data), known.holdouts == holdouts
      {
        return known
      }
      let inner = try innerDecisions(
        fold, path, seed: result.seed, holdouts: holdouts, threads: threads, report: report)
      var model = try QuantisedModel(parsing: ModelFile.bytes(path: path + "/int8.safetensors"))
      model = try model.with(temperature: TemperatureScaling.temperature(of: inner))
      try OutputFile.write(Data(model.serialised()), to: path + "/int8-calibrated.safetensors")
      let calibration = FoldCalibration(
        fold: result.fold, seed: result.seed, holdouts: holdouts, temperature: model.description.softmaxTemperature,
        heldOut: Array(Set(inner.map(\.speaker))).sorted(),
        int8: try FoldEvaluation.int8(
          model, recipe: record.experiment.recipe, corpus: corpus, features: features, recordings: fold.test))
      try OutputFile.write(StableJSON.data(calibration), to: file)
      report("seed \(result.seed) fold \(fold.name)  temperature \(decimals(Double(calibration.temperature), 3))")
      return calibration
    }
  }

  /// What networks say about training speakers that they have not heard.
  private func innerDecisions(
    _ fold: Fold, _ path: String, seed: UInt64, holdouts: Int, threads: Int, report: (String) -> Void
  ) throws -> [Decision] {
    let speakers = Set(corpus.own(of: fold.train).map { corpus.recordings[$0].speaker }).sorted()
    // Before anything is trained. A group without speakers has nothing to fit on, and one with all of them leaves none to train on.
    guard speakers.count > 1, speakers.count >= holdouts else {
      throw TrainingError(
        "fold \(fold.name) has \(speakers.count) training speakers, too few for \(holdouts) inner trainings",
        advice: "calibrate with more speakers, or fewer --holdouts")
    }
    return try (0..<holdouts).flatMap { group in
      let heldOut = Set(speakers.indices.filter { $0 % Self.calibrationGroups == group }.map { speakers[$0] })
      let train = fold.train.filter { !heldOut.contains(corpus.recordings[$0].speaker) }
      let rest = fold.train.filter { heldOut.contains(corpus.recordings[$0].speaker) }
      let name = "seed \(seed) fold \(fold.name) without \(heldOut.sorted().joined(separator: "+"))"
      let trainer = FoldTrainer(
        recipe: record.experiment.recipe, corpus: corpus, features: features, train: train, choosing: fold.choosing,
        seed: seed, threads: threads, start: folder.start)
      let model = try trained(
        trainer, checkpoint: "\(path)/inner-\(group).checkpoint.safetensors", name: name, report: report)
      return try FoldEvaluation.float(model, corpus: corpus, features: features, recordings: rest)
    }
  }
}

extension QuantisedModel {
  /// The same model with another temperature.
  package func with(temperature: Float) throws(ModelFileError) -> QuantisedModel {
    var description = description
    description.temperature = temperature
    return try QuantisedModel(description: description, activations: activations, layers: layers, head: head)
  }
}
