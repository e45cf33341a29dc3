import ArgumentParser
import Foundation
import SerdConsole
import SerdFeatures
import SerdNetwork
import SerdTraining

/// `sertrain import`: a network trained in PyTorch becomes a float model, which `sertrain quantise` makes an int8 one.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Make a float model of a network that was trained in PyTorch.",
    discussion:
      "Takes a state dictionary in safetensors, floats of 16, 32 or 64 bits, named and laid out as sertrain export writes it. What the model is comes from "
      + "--like, else from the file's own metadata, else from --labels and the options beside it. Tensors standardisation.mean and "
      + "standardisation.deviation, one value per coefficient, become part of the front end.")

  @Argument(help: "The weights (safetensors).")
  var weights: String

  @Option(help: "File to write.")
  var output: String

  @Option(help: "A model file (float or int8) whose architecture, front end, window and labels the network has.")
  var like: String?

  @Option(help: "What the model is called in its file.")
  var name: String?

  @Option(help: "Emotions in the order of the outputs, separated by commas.")
  var labels: String?

  @Option(help: "Architecture: paper, report or wide.")
  var variant = "paper"

  @Option(name: .customLong("front-end"), help: "Front end: report or paper.")
  var frontEnd = "report"

  @Option(help: "The network's input is clipped to this, both ways.")
  var clip: Float = 10

  @Option(help: "Frames per window: 122 for 2 s, 184 for 3 s.")
  var frames = 122

  @Option(help: "Corpora that it was trained on, separated by commas; needed with --labels.")
  var corpora: String?

  @Option(help: "Terms that the corpora put on the model; needed with --labels.")
  var terms: String?

  func run() throws {
    try reporting {
      let file = try reading(weights) { () throws(ModelFileError) in
        try Safetensors(parsing: ModelFile.bytes(path: weights))
      }
      var description = try chosenDescription(file)
      if let name { description.name = name }
      let model = try reading(weights) { () throws(ModelFileError) in
        try FloatModel(pyTorchFile: file, description: description)
      }
      try OutputFile.write(model.serialised(), to: output)
    }
  }

  private func chosenDescription(_ file: Safetensors) throws -> ModelDescription {
    if like != nil, labels != nil {
      throw CommandError(.usage, "--like and --labels do not go together", advice: "use one")
    }
    var description: ModelDescription
    if let like {
      description = try reading(like) { () throws(ModelFileError) in
        try ModelDescription(metadata: Safetensors(parsing: ModelFile.bytes(path: like)).metadata)
      }
    } else if labels != nil {
      return try describedByOptions()
    } else {
      guard file.metadata["model"] != nil else {
        throw CommandError(
          .usage, "\(weights) does not say what model it is",
          advice: "use --like MODEL, or --labels and what goes with it")
      }
      description = try reading(weights) { () throws(ModelFileError) in try ModelDescription(metadata: file.metadata)
      }
    }
    // The figures and the calibration were another network's.
    description.evaluation = [:]
    description.temperature = nil
    description.provenance.recipe = "imported"
    description.provenance.revision = revision()
    return description
  }

  private func describedByOptions() throws -> ModelDescription {
    guard let corpora, let terms else {
      throw CommandError(
        .usage, "--labels needs --corpora and --terms",
        advice: "say what the network was trained on, and under which terms")
    }
    guard let architecture = NetworkArchitecture.variants.first(where: { $0.name == variant }) else {
      throw CommandError(.usage, "there is no variant \"\(variant)\"", advice: "use paper, report or wide")
    }
    guard var settings = [FrontEndSettings.report, .paper].first(where: { $0.name == frontEnd }) else {
      throw CommandError(.usage, "there is no front end \"\(frontEnd)\"", advice: "use report or paper")
    }
    settings.clip = clip
    func list(_ text: String?) -> [String] {
      (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    return ModelDescription(
      name: name ?? "imported", architecture: architecture, frontEnd: settings, windowFrames: frames,
      labels: WordList.words(labels ?? ""),
      provenance: Provenance(
        corpora: list(corpora), terms: terms, recipe: "imported", seed: 0, revision: revision(),
        command: "sertrain import"))
  }
}
