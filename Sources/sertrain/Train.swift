import ArgumentParser
import Foundation
import SerdConsole
import SerdCorpora
import SerdLearning
import SerdNetwork
import SerdTraining

/// `sertrain train`: a model for shipping, trained on all speakers, in float and in int8.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train on all speakers; writes float.safetensors and int8.safetensors into the run folder.")

  @OptionGroup var data: DataOptions

  @Option(help: "Decides the initial weights and all that is drawn.")
  var seed: UInt64 = 1

  @Option(help: "What the model is called in its file.")
  var name: String

  @Option(help: "Threads.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Run folder of a crossval of the same recipe: its figures, and a temperature, go into the model file.")
  var evaluation: String?

  func run() throws {
    try reporting {
      try check(threads: threads)
      guard !name.isEmpty else {
        throw CommandError(.usage, "the model has no name", advice: "give it one with --name")
      }
      let start = try data.start()
      let recipe = try data.chosenRecipe(start: start)
      guard recipe.preparation == nil else {
        throw CommandError(
          .usage, "\(recipe.name) prepares recordings as a published experiment did, and serd does not",
          advice: "use it with crossval; train with another recipe")
      }
      let corpus = try data.source.read(for: recipe)
      try start?.check(fits: recipe, corpus: corpus)
      let experiment = Experiment(corpus: corpus, testedBy: .nobody, recipe: recipe)
      // First of all: a night's training is not to end with an unusable evaluation.
      let figures = try evaluation.map { folder in
        let record = try RunRecord(folders: [folder])
        try CrossValidationFigures.check(record.experiment, fits: experiment)
        return try CrossValidationFigures(record: record)
      }
      if RunFolder.isFree(data.run) { try CorpusCopies.refuse(in: corpus) }
      if let head = recipe.head {
        let source = try pooled(corpus, by: head, recipe: recipe, encoder: data.encoder!)
        let folder = try data.runFolder(for: experiment, start: nil)
        try ShippedHead.train(
          into: folder, data: source.data, encoder: source.encoder, name: name,
          provenance: data.provenance(corpus: corpus, recipe: recipe, seed: seed, start: nil), evaluation: figures
        ) { Output.say($0) }
        return try Output.write("\(folder.training.int8)\n")
      }
      let features = try computedFeatures(of: corpus, recipe: recipe)
      let folder = try data.runFolder(for: experiment, start: start)
      let shipping = ShippedModel(
        folder: folder, data: TrainingData(corpus: corpus, features: features), name: name,
        provenance: data.provenance(corpus: corpus, recipe: recipe, seed: seed, start: start))
      try shipping.train(threads: threads, evaluation: figures, report: { Output.say($0) })
      try Output.write("\(folder.training.int8)\n\(folder.training.float)\n")
    }
  }
}
