import ArgumentParser
import SerdCorpora
import SerdLearning
import SerdNetwork
import SerdTraining

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
    try reporting {
      let float = try reading(model) { () throws(ModelFileError) in
        try FloatModel(parsing: ModelFile.bytes(path: model))
      }
      let corpus = try source.read()
      guard Set(float.description.labels).isSubset(of: corpus.labels) else {
        throw CommandError(
          .usage, "\(model) knows other labels than \(corpus.name)",
          advice: "give the corpus that it was trained on, with its --format and selection")
      }
      let int8 = try ShippedModel.quantise(float, corpus: corpus, ranges: ranges)
      try OutputFile.write(int8.serialised(), to: output)
    }
  }
}
