import ArgumentParser
import Foundation
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
    try reporting {
      guard (1...256).contains(count) else {
        throw CommandError(.usage, "\(count) windows cannot be drawn", advice: "use 1 to 256")
      }
      let stored = try reading(model) { () throws(ModelFileError) in
        try StoredModel(parsing: ModelFile.bytes(path: model))
      }
      let sample = try LogitsSample.file(model: stored, count: count, seed: seed)
      try OutputFile.write(sample.serialised(), to: output)
    }
  }
}
