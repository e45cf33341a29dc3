import Foundation
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

  /// A paired table: UA of every form per fold, and the differences from float with their intervals over speakers.
  package static func markdown(_ comparisons: [QuantisationComparison], of record: RunRecord) -> String {
    let forms = Form.allCases
    let classes = record.labels.count
    var text =
      record.experiment.heading
      + "UA in %, the same test recordings for all forms; QAT, and float to compare it with, had "
      + "\(comparisons.first?.epochs ?? 0) epochs more.\n\n"
    text +=
      "| fold | seed | \(forms.map(\.title).joined(separator: " | ")) |\n|---|---|\(String(repeating: "---|", count: forms.count))\n"
    for comparison in comparisons {
      let cells = forms.map { percent((comparison.decisions[$0] ?? []).matrix(classes).unweightedAccuracy) }
      text += "| \(comparison.fold) | \(comparison.seed) | \(cells.joined(separator: " | ")) |\n"
    }
    func pooled(_ form: Form) -> [Decision] { comparisons.flatMap { $0.decisions[form] ?? [] } }
    let all = forms.map { percent(pooled($0).matrix(classes).unweightedAccuracy) }
    text += "| all | | \(all.joined(separator: " | ")) |\n"
    for (base, compared) in [(Form.float, forms.filter { $0 != .float }), (.continued, [.trained])] {
      let differences = forms.map { form in
        compared.contains(form) ? difference(pooled(form), from: pooled(base), classes: classes).text : ""
      }
      text += "| minus \(base.title) [95 %] | | \(differences.joined(separator: " | ")) |\n"
    }
    let same = forms.map { form in
      let pairs = zip(pooled(form), pooled(.float))
      return percent(Double(pairs.count { $0.prediction == $1.prediction }) / Double(max(1, pooled(.float).count)))
    }
    return text + "| same decision as float | | \(same.joined(separator: " | ")) |\n" + record.note
  }

  /// The difference in UA, speakers drawn for both at once.
  static func difference(_ one: [Decision], from other: [Decision], classes: Int) -> Interval {
    let marked = one.map { (isOne: true, decision: $0) } + other.map { (isOne: false, decision: $0) }
    func matrix(_ items: [(isOne: Bool, decision: Decision)], _ isOne: Bool) -> ConfusionMatrix {
      items.filter { $0.isOne == isOne }.map { $0.decision }.matrix(classes)
    }
    return Interval(
      speakers: marked.map { $0.decision.speaker }, items: marked,
      count: { [matrix($0, true), matrix($0, false)] },
      sum: { parts in
        [0, 1].map { side in ConfusionMatrix(classes: classes, sumOf: parts.map { $0[side] }) }
      },
      measure: { $0[0].unweightedAccuracy - $0[1].unweightedAccuracy })
  }
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
      try RunFolder.write(Data(models.last!.1.serialised()), to: path + "/int8-trained.safetensors")
      let comparison = QuantisationComparison(
        fold: result.fold, seed: result.seed, epochs: epochs, decisions: decisions)
      try RunFolder.write(RunFolder.json(comparison), to: file)
      return comparison
    }
  }
}
