import Foundation
import SerdCorpora
import SerdFeatures
import SerdLearning
import SerdNetwork

/// Trains the model that ships: on all speakers, so it has no test figures of its own; those of a cross-validation of the same
/// recipe are written into it.
package struct ShippedModel: Sendable {
  private let job: FoldJob
  private let name: String

  /// A model to be trained into `folder`.
  package init(
    experiment: Experiment, corpus: Corpus, features: FeatureSet, folder: RunFolder, name: String,
    provenance: Provenance
  ) {
    job = FoldJob(
      fold: Fold(corpus: corpus, testSpeakers: []), seed: provenance.seed, recipe: experiment.recipe, corpus: corpus,
      features: features, folder: folder, threads: 1, provenance: provenance)
    self.name = name
  }

  /// Trains, or goes on from the checkpoint, and writes `float.safetensors` and `int8.safetensors` into the run folder, with the
  /// figures and the temperature of a cross-validation, if there is one.
  package func train(threads: Int, evaluation: CrossValidationFigures?, report: (String) -> Void) throws {
    guard let lock = try FolderLock(folder: job.folder.path) else {
      throw TrainingError(
        "another process trains in \(job.folder.path)", kind: .unavailable,
        advice: "wait for it, or name another folder")
    }
    defer { lock.release() }
    OutputFile.removeLeftovers(in: job.folder.path)
    let trainer = FoldTrainer(
      recipe: job.recipe, corpus: job.corpus, features: job.features, train: job.fold.train, seed: job.seed,
      threads: threads, start: job.folder.start)
    try job.train(trainer, checkpoint: job.folder.path + "/checkpoint.safetensors") { epoch in
      report(
        "epoch \(epoch.epoch)/\(epoch.epochs)  loss \(decimals(epoch.loss, 3))  \(Int(epoch.clipsPerSecond)) clips/s")
    }
    var float = try trainer.model(name: name, provenance: job.provenance)
    float.description.evaluation = evaluation?.byName ?? [:]
    float.description.temperature = evaluation?.temperature
    let int8 = try Quantiser.quantise(float, calibrationInputs: job.calibrationInputs(float.description.frontEnd))
    try OutputFile.write(Data(float.serialised()), to: job.folder.path + "/float.safetensors")
    try OutputFile.write(Data(int8.serialised()), to: job.folder.path + "/int8.safetensors")
  }

  /// The int8 form of a float model, calibrated on all recordings of a corpus.
  package static func quantise(
    _ float: FloatModel, corpus: Corpus, ranges: RangeChoice = .extremes
  ) throws -> QuantisedModel {
    let frontEnd = float.description.frontEnd
    let features = try FeatureSet(
      corpus: corpus, frontEnd: frontEnd, frames: float.description.windowFrames,
      versions: ClipVersions(speeds: [], vocalTractWarps: []), seed: 1)
    let inputs = FoldEvaluation.scaledWindows(
      of: FoldJob.calibrationChoice(from: Array(corpus.own)), corpus: corpus, features: features,
      frontEnd: frontEnd)
    return try Quantiser.quantise(float, calibrationInputs: inputs, ranges: ranges)
  }
}
