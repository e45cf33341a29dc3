import SerdEncoder
import SerdNetwork

/// What serd can hear with: an int8 Light-SERNet, or a pretrained speech encoder with a head.
package enum Model: Sendable {
  case lightSERNet(QuantisedModel)
  case encoder(EncoderModel)

  /// Reads a model from a file's bytes, and checks all of it.
  package init(parsing bytes: [UInt8]) throws(ModelFileError) {
    let file = try Safetensors(parsing: bytes)
    let hasEncoder = try ModelDescription(metadata: file.metadata).hasEncoder
    self = hasEncoder ? .encoder(try EncoderModel(file)) : .lightSERNet(try QuantisedModel(file))
  }

  /// What the file says about the model.
  package var description: ModelDescription {
    switch self {
    case .lightSERNet(let model): model.description
    case .encoder(let model): model.description
    }
  }

  /// The Light-SERNet, for what needs one. - Throws: `ModelFileError` if it has a speech encoder.
  package func lightSERNet() throws(ModelFileError) -> QuantisedModel {
    guard case .lightSERNet(let model) = self else {
      throw ModelFileError("this model has a speech encoder in place of a Light-SERNet", advice: "name another model")
    }
    return model
  }

  /// The classifier that serves live sound and files: the fastest there is for windows that overlap.
  package func makeClassifier(instructionSet: InstructionSet = .best) -> any WindowClassifier {
    switch self {
    case .lightSERNet(let model): model.makeClassifier(instructionSet: instructionSet)
    case .encoder(let model): EncoderClassifier(model, instructionSet: instructionSet)
    }
  }
}
