import ArgumentParser
import Foundation
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
    try orExplain {
      try check(threads: threads)
      guard !name.isEmpty else {
        throw TrainingError("the model has no name", kind: .usage, advice: "give it one with --name")
      }
      let start = try data.start()
      let recipe = try data.chosenRecipe(start: start)
      guard recipe.preparation == nil else {
        throw TrainingError(
          "\(recipe.name) prepares recordings as a published experiment did, and serd does not", kind: .usage,
          advice: "use it with crossval; train with another recipe")
      }
      let corpus = try data.source.read(for: recipe)
      try start?.check(fits: recipe, corpus: corpus)
      let experiment = Experiment(corpus: corpus, evaluationProtocol: "all speakers", recipe: recipe)
      // First of all: a night's training is not to end with an unusable evaluation.
      let figures = try evaluation.map { folder in
        let record = try RunRecord(folders: [folder])
        try CrossValidationFigures.check(record.experiment, fits: experiment)
        return try CrossValidationFigures(record: record)
      }
      let features = try computedFeatures(of: corpus, recipe: recipe)
      let folder = try RunFolder(path: data.run, experiment: experiment, start: start)
      let shipping = ShippedModel(
        folder: folder, data: TrainingData(corpus: corpus, features: features), name: name,
        provenance: data.provenance(corpus: corpus, recipe: recipe, seed: seed, start: start))
      try shipping.train(threads: threads, evaluation: figures, report: { say($0) })
      try writeOut("\(folder.training.int8)\n\(folder.training.float)\n")
    }
  }
}

extension RangeChoice: ExpressibleByArgument {}

/// `sertrain quantise`: the int8 form of a float model.
struct Quantise: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantise", abstract: "Make an int8 model of a float model, calibrated on a corpus.")

  @Argument(help: "The float model file.")
  var model: String

  @OptionGroup var source: CorpusOptions

  @Option(help: "Ranges of the int8 grids: extremes or leastError.")
  var ranges = RangeChoice.extremes

  @Option(help: "File to write.")
  var output: String

  func run() throws {
    try orExplain {
      let float = try explaining(model) { () throws(ModelFileError) in
        try FloatModel(parsing: ModelFile.bytes(path: model))
      }
      let corpus = try source.read()
      guard Set(float.description.labels).isSubset(of: corpus.labels) else {
        throw TrainingError(
          "\(model) knows other labels than \(corpus.name)", kind: .usage,
          advice: "give the corpus that it was trained on, with its --format and selection")
      }
      let int8 = try ShippedModel.quantise(float, corpus: corpus, ranges: ranges)
      try OutputFile.write(Data(int8.serialised()), to: output)
    }
  }
}
