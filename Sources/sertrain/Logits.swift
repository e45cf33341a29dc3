import ArgumentParser
import Foundation
import SerdCorpora
import SerdLearning
import SerdNetwork
import SerdTraining

/// `sertrain logits`: what tools/compare-with-pytorch and tools/compare-with-onnx hold others against.
struct Logits: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write random windows and a model's logits for them, to compare implementations.")

  @Argument(help: "The model file, float or int8.")
  var model: String

  @Option(help: "File to write (safetensors: input and logits).")
  var output: String

  @Option(help: "Number of windows, 1 to 256.")
  var count = 8

  @Option(help: "Decides the windows.")
  var seed: UInt64 = 1

  func run() throws {
    try orExplain {
      guard (1...256).contains(count) else {
        throw TrainingError("\(count) windows cannot be drawn", kind: .usage, advice: "use 1 to 256")
      }
      let stored = try explaining(model) { () throws(ModelFileError) in
        try StoredModel(parsing: ModelFile.bytes(path: model))
      }
      let sample = try LogitsSample.file(model: stored, count: count, seed: seed)
      try OutputFile.write(Data(sample.serialised()), to: output)
    }
  }
}
