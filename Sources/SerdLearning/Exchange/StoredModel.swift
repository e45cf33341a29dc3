import SerdNetwork

/// A model file of either kind: what sertrain trained, or what serd runs.
package enum StoredModel {
  case float(FloatModel)
  case int8(QuantisedModel)

  /// Reads a model from a file's bytes; the file says of which kind it is.
  package init(parsing bytes: [UInt8]) throws(ModelFileError) {
    let isInt8 = try Safetensors(parsing: bytes).metadata["quantisation"] != nil
    self = isInt8 ? .int8(try QuantisedModel(parsing: bytes)) : .float(try FloatModel(parsing: bytes))
  }

  /// What the file says about the model.
  package var description: ModelDescription {
    switch self {
    case .float(let model): model.description
    case .int8(let model): model.description
    }
  }

  /// The network as an ONNX file (`FloatModel.onnx`, `QuantisedModel.onnx`).
  package func onnx() -> [UInt8] {
    switch self {
    case .float(let model): model.onnx()
    case .int8(let model): model.onnx()
    }
  }
}
