import Foundation
import SerdLearning
import SerdNetwork

extension FinishedRun {
  /// Learning rate that quantisation-aware epochs start with; half a cosine takes it to 0.
  static let quantisedRate: Float = 1e-4

  /// Quantises every fold's network in all forms and writes `quantisation.json`, and `int8-trained.safetensors`, beside
  /// its result. Ranges and the last epochs see training speakers only. What is done is not done again.
  package func compareQuantisations(epochs: Int, threads: Int, report: (String) -> Void) throws
    -> [QuantisationComparison]
  {
    guard data.corpus.besideLabels.isEmpty else {
      throw TrainingError(
        .usage,
        "\(data.corpus.name): quantisation-aware epochs go on from a finished model, which has lost the labels beside its own",
        advice: "compare on a run without corpora beside")
    }
    var recipe = recipe
    recipe.epochs = epochs
    recipe.schedule = .cosine(initial: Self.quantisedRate, final: 0)
    recipe.averaging = nil
    recipe.start = nil  // The fold's own network instead.
    return try record.results.map { result in
      let (fold, folder) = try fold(of: result)
      // One that is damaged is made anew.
      if let known = try? folder.comparison.read(), known.epochs == epochs { return known }
      let (train, test) = (data.at(fold.train), data.at(fold.test))
      let float = try FloatModel(parsing: ModelFile.bytes(path: folder.float))
      let inputs = train.calibrationInputs(for: float.description.frontEnd)
      let activations = try Quantiser.activations(of: float, inputs: inputs, ranges: .leastError)
      func continued(_ what: String, rounding: QuantisedModel.Activations?) throws -> FloatModel {
        let trainer = Trainer(recipe: recipe, data: train, seed: result.seed, threads: threads)
        try trainer.goOn(from: float, rounding: rounding)
        return try trained(
          trainer, checkpoint: folder.continuedCheckpoint(what, epochs: epochs), name: "\(result.id) \(what)",
          report: report)
      }
      let longer = try continued("float", rounding: nil)
      let retrained = try continued("rounded", rounding: activations)
      let models: [(QuantisationComparison.Form, QuantisedModel)] = [
        (.extremes, try Quantiser.quantise(float, calibrationInputs: inputs)),
        (.leastError, try Quantiser.quantise(float, activations: activations)),
        (.trained, try Quantiser.quantise(retrained, activations: activations)),
      ]
      var decisions = [
        QuantisationComparison.Form.float: result.float, .continued: try longer.decisions(on: test),
      ]
      for (form, model) in models {
        decisions[form] = try model.decisions(on: test, preparation: recipe.preparation)
      }
      try OutputFile.write(models.last!.1.serialised(), to: folder.trainedInt8)
      let comparison = QuantisationComparison(
        fold: result.fold, seed: result.seed, epochs: epochs, decisions: decisions)
      try folder.comparison.write(comparison)
      return comparison
    }
  }
}
