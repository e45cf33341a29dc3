import SerdConsole
import Foundation
import SerdCorpora
import SerdLearning
import SerdNetwork

/// Trains the model that ships: on all speakers, so it has no test figures of its own; those of a cross-validation of
/// the same recipe are written into it.
package struct ShippedModel: Sendable {
  private let folder: RunFolder
  private let data: TrainingData
  private let name: String
  private let provenance: Provenance

  /// A model to be trained into `folder`, of the seed in `provenance`.
  package init(folder: RunFolder, data: TrainingData, name: String, provenance: Provenance) {
    self.folder = folder
    self.data = data
    self.name = name
    self.provenance = provenance
  }

  /// Trains, or goes on from the checkpoint, and writes the float and the int8 model into the run folder, with the
  /// figures and the temperature of a cross-validation, if there is one.
  package func train(threads: Int, evaluation: CrossValidationFigures?, report: (String) -> Void) throws {
    let place = folder.training
    guard let lock = try place.lock() else {
      throw TrainingError(
        .unavailable, "another process trains in \(place.path)", advice: "wait for it, or name another folder")
    }
    defer { lock.release() }
    let trainer = Trainer(
      recipe: folder.experiment.recipe, data: data, seed: provenance.seed, threads: threads, start: try folder.start())
    // The checkpoint stays: it refuses another seed in this folder.
    try CheckpointedTraining(trainer: trainer, checkpoint: place.checkpoint).run { epoch in
      report(
        "epoch \(epoch.epoch)/\(epoch.epochs)  loss \(epoch.loss.decimals(3))  \(Int(epoch.clipsPerSecond)) clips/s")
    }
    var float = try trainer.model(name: name, provenance: provenance)
    float.description.evaluation = evaluation?.byName ?? [:]
    float.description.temperature = evaluation?.temperature
    let int8 = try Quantiser.quantise(float, calibrationInputs: data.calibrationInputs(for: float.description.frontEnd))
    try OutputFile.write(float.serialised(), to: place.float)
    try OutputFile.write(int8.serialised(), to: place.int8)
  }

  /// The int8 form of a float model, calibrated on all recordings of a corpus.
  package static func quantise(
    _ float: FloatModel, corpus: Corpus, ranges: RangeChoice = .extremes
  ) throws -> QuantisedModel {
    let frontEnd = float.description.frontEnd
    let settings = FeatureSettings(frontEnd: frontEnd, frames: float.description.windowFrames)
    let data = TrainingData(corpus: corpus, features: try FeatureSet(of: corpus, settings: settings))
    return try Quantiser.quantise(float, calibrationInputs: data.calibrationInputs(for: frontEnd), ranges: ranges)
  }
}
