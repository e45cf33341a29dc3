import ArgumentParser
import Foundation
import SerdLearning
import SerdNetwork
import SerdTraining

/// `sertrain export`: a model for other programs.
struct Export: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case safetensors
    case onnx
  }

  static let configuration = CommandConfiguration(
    abstract: "Write a float model for PyTorch (safetensors), or a float or int8 model as ONNX.",
    discussion:
      "safetensors: a state dictionary under the names of PyTorch's modules, ready for load_state_dict. onnx: operator set 13, from the "
      + "scaled window [N, 1, frames, coefficients] to logits and probabilities; an int8 model keeps its integers, and rounds where serd does (QDQ)."
  )

  @Argument(help: "The model file, or the run folder of a training: its float model.")
  var source: String

  @Option(help: "safetensors or onnx.")
  var format: Format

  @Option(help: "File to write.")
  var output: String

  func run() throws {
    try reporting {
      let path = try modelFile()
      let model = try reading(path) { () throws(ModelFileError) in
        try StoredModel(parsing: ModelFile.bytes(path: path))
      }
      let bytes =
        switch (format, model) {
        case (.onnx, _): model.onnx()
        case (.safetensors, .float(let model)): model.pyTorchFile().serialised()
        case (.safetensors, .int8):
          throw ModelFileError(
            "model \(path): this is an int8 model, which PyTorch's module does not hold",
            advice: "export the float model that it was made of, or use --format onnx")
        }
      try OutputFile.write(bytes, to: output)
    }
  }

  /// The float model of a run folder of `train`, or the file itself.
  private func modelFile() throws -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: source, isDirectory: &isFolder), isFolder.boolValue else {
      return source
    }
    let file = TrainingFolder(path: source).float
    guard FileManager.default.fileExists(atPath: file) else {
      throw CommandError(
        .noInput, "\(source) holds no float.safetensors",
        advice: "of a crossval, name a fold's model: RUN/seed-1/fold-NAME/float.safetensors")
    }
    return file
  }
}
