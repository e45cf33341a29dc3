import SerdConsole
import Foundation
import SerdCorpora
import SerdNetwork

extension FinishedRun {
  /// Groups that a fold's training speakers are dealt to; one group at a time is kept out of an inner training.
  package static let calibrationGroups = 3

  /// Fits a temperature per fold and writes `int8-calibrated.safetensors` and `calibration.json` beside its result.
  ///
  /// The fold's own network has heard all of its training speakers and is too sure on them. So networks are trained by
  /// the same recipe on some of the training speakers and asked about the others; the test speaker takes no part. Where
  /// the protocol chooses an epoch, so do they, on the same speaker. What is done is not done again.
  ///
  /// - Throws: `TrainingError` of a leaky protocol: there is no training speaker who is not tested.
  /// - Parameter holdouts: inner trainings per fold, 1 to `calibrationGroups`; each costs two thirds of the fold's
  ///   training.
  @discardableResult
  package func calibrate(holdouts: Int, threads: Int, report: (String) -> Void) throws -> [FoldCalibration] {
    precondition((1...Self.calibrationGroups).contains(holdouts), "there are \(Self.calibrationGroups) groups")
    guard record.experiment.evaluation?.isLeaky == false else {
      throw TrainingError(
        .usage, "under \(record.experiment.testedBy.name) every speaker is tested, and none is left to calibrate on",
        advice: "calibrate a run whose protocol keeps speakers apart")
    }
    return try record.results.map { result in
      let (fold, folder) = try fold(of: result)
      // One that is damaged is made anew.
      if let known = try? folder.calibration.read(), known.holdouts == holdouts { return known }
      let inner = try innerDecisions(fold, of: result.id, in: folder, holdouts: holdouts, threads: threads, report)
      var model = try QuantisedModel(parsing: ModelFile.bytes(path: folder.int8))
      model = try model.with(temperature: TemperatureScaling.temperature(of: inner))
      try OutputFile.write(model.serialised(), to: folder.calibratedInt8)
      let calibration = FoldCalibration(
        fold: result.fold, seed: result.seed, holdouts: holdouts, temperature: model.description.softmaxTemperature,
        heldOut: Array(Set(inner.map(\.speaker))).sorted(),
        int8: try model.decisions(on: data.at(fold.test), preparation: recipe.preparation))
      try folder.calibration.write(calibration)
      report("\(result.id)  temperature \(Double(calibration.temperature).decimals(3))")
      return calibration
    }
  }

  /// What networks say about training speakers that they have not heard.
  private func innerDecisions(
    _ fold: Fold, of id: FoldID, in folder: TrainingFolder, holdouts: Int, threads: Int, _ report: (String) -> Void
  ) throws -> [Decision] {
    let corpus = data.corpus
    let speakers = Set(data.at(fold.train).own.recordings.map(\.speaker)).sorted()
    // Before anything is trained. A group without speakers has nothing to fit on, and one with all of them leaves none
    // to train on.
    guard speakers.count > 1, speakers.count >= holdouts else {
      throw TrainingError(
        "fold \(fold.name) has \(speakers.count) training speakers, too few for \(holdouts) inner trainings",
        advice: "calibrate with more speakers, or fewer inner trainings")
    }
    return try (0..<holdouts).flatMap { group in
      let heldOut = Set(speakers.indices.filter { $0 % Self.calibrationGroups == group }.map { speakers[$0] })
      let train = fold.train.filter { !heldOut.contains(corpus.recordings[$0].speaker) }
      let rest = fold.train.filter { heldOut.contains(corpus.recordings[$0].speaker) }
      let trainer = Trainer(
        recipe: recipe, data: data.at(train), choosing: data.at(fold.choosing), seed: id.seed, threads: threads,
        start: start)
      let model = try trained(
        trainer, checkpoint: folder.innerCheckpoint(group: group),
        name: "\(id) without \(heldOut.sorted().joined(separator: "+"))", report: report)
      return try model.decisions(on: data.at(rest))
    }
  }
}
