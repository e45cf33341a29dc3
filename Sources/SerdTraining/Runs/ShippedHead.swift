import SerdConsole
import SerdEncoder
import SerdNetwork

/// Trains the head that ships: on all speakers, with the figures and the temperature of a cross-validation of the same
/// recipe.
package enum ShippedHead {
  /// Writes the model into the run folder.
  package static func train(
    into folder: RunFolder, data: PooledData, encoder: QuantisedEncoder, name: String, provenance: Provenance,
    evaluation: CrossValidationFigures?, report: (String) -> Void
  ) throws {
    let recipe = folder.experiment.recipe
    let trained = try HeadTrainer.train(on: data, recipe: recipe, head: recipe.head!, seed: provenance.seed)
    report("\(trained.iterations) iterations, loss \(trained.loss.decimals(3))")
    var model = try trained.model(
      name: name, recipe: recipe, labels: data.corpus.labels, encoder: encoder, provenance: provenance)
    model.description.evaluation = evaluation?.byName ?? [:]
    model.description.temperature = evaluation?.temperature
    try OutputFile.write(model.serialised(), to: folder.training.int8)
  }
}
