import Foundation
import SerdCorpora
import SerdLearning
import SerdNetwork

/// The forms of one fold's network, side by side on its test speakers.
package struct QuantisationComparison: Codable, Equatable, Sendable {
  /// A form of the network.
  package enum Form: String, Codable, CaseIterable, CodingKeyRepresentable, Sendable {
    case float
    /// Float after as many more epochs as `trained` has: what those do without rounding.
    case continued
    /// Int8 after training, ranges from least to greatest value.
    case extremes
    /// Int8 after training, ranges of least error.
    case leastError
    /// Int8 with the last epochs trained on the rounded network.
    case trained

    /// In a table.
    package var title: String {
      switch self {
      case .float: "float"
      case .continued: "float, as long as QAT"
      case .extremes: "PTQ, least to greatest"
      case .leastError: "PTQ, least error"
      case .trained: "QAT"
      }
    }
  }

  /// The fold's name.
  package let fold: String
  /// The training's seed.
  package let seed: UInt64
  /// Epochs that `continued` and `trained` had more than the others.
  package let epochs: Int
  /// Decisions on the test speakers.
  package let decisions: [Form: [Decision]]

  static let fileName = "quantisation.json"
}

extension FinishedRun {
  /// Learning rate that quantisation-aware epochs start with; half a cosine takes it to 0.
  static let quantisedRate: Float = 1e-4

  /// Quantises every fold's network in all forms and writes `quantisation.json`, and `int8-trained.safetensors`, beside its result.
  /// Ranges and the last epochs see training speakers only. What is done is not done again.
  package func compareQuantisations(epochs: Int, threads: Int, report: (String) -> Void) throws
    -> [QuantisationComparison]
  {
    guard corpus.besideLabels.isEmpty else {
      throw TrainingError(
        "\(corpus.name): quantisation-aware epochs go on from a finished model, which has lost the labels beside its own",
        kind: .usage, advice: "compare on a run without --beside")
    }
    var recipe = record.experiment.recipe
    recipe.epochs = epochs
    recipe.schedule = .cosine(initial: Self.quantisedRate, final: 0)
    recipe.averaging = nil
    recipe.start = nil  // The fold's own network instead.
    return try record.results.map { result in
      let (fold, path) = try fold(of: result)
      let file = "\(path)/\(QuantisationComparison.fileName)"
      if let data = FileManager.default.contents(atPath: file),
        let known = try? JSONDecoder().decode(QuantisationComparison.self, from: data), known.epochs == epochs
      {
        return known
      }
      let float = try FloatModel(parsing: ModelFile.bytes(path: path + "/float.safetensors"))
      let inputs = FoldEvaluation.scaledWindows(
        of: FoldJob.calibrationChoice(from: fold.train), corpus: corpus, features: features,
        frontEnd: float.description.frontEnd)
      let activations = try Quantiser.activations(of: float, inputs: inputs, ranges: .leastError)
      func continued(_ what: String, rounding: QuantisedModel.Activations?) throws -> FloatModel {
        let trainer = FoldTrainer(
          recipe: recipe, corpus: corpus, features: features, train: fold.train, seed: result.seed, threads: threads)
        try trainer.goOn(from: float, rounding: rounding)
        return try trained(
          trainer, checkpoint: "\(path)/\(what)-\(epochs).checkpoint.safetensors",
          name: "seed \(result.seed) fold \(fold.name) \(what)", report: report)
      }
      let longer = try continued("float", rounding: nil)
      let retrained = try continued("rounded", rounding: activations)
      let models: [(QuantisationComparison.Form, QuantisedModel)] = [
        (.extremes, try Quantiser.quantise(float, calibrationInputs: inputs)),
        (.leastError, try Quantiser.quantise(float, activations: activations)),
        (.trained, try Quantiser.quantise(retrained, activations: activations)),
      ]
      var decisions = [
        QuantisationComparison.Form.float: result.float,
        .continued: try FoldEvaluation.float(longer, corpus: corpus, features: features, recordings: fold.test),
      ]
      for (form, model) in models {
        decisions[form] = try FoldEvaluation.int8(
          model, recipe: recipe, corpus: corpus, features: features, recordings: fold.test)
      }
      try OutputFile.write(Data(models.last!.1.serialised()), to: path + "/int8-trained.safetensors")
      let comparison = QuantisationComparison(
        fold: result.fold, seed: result.seed, epochs: epochs, decisions: decisions)
      try OutputFile.write(StableJSON.data(comparison), to: file)
      return comparison
    }
  }
}
