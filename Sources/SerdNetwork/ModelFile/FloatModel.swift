/// A float32 model: weights under PyTorch's names and layouts (`path1.conv.weight`, OIHW), as sertrain trains them and
/// as PyTorch reads and writes them. serd does not run it; sertrain quantises it to a `QuantisedModel`.
package struct FloatModel: Sendable {
  /// A tensor's shape and values, row-major.
  package struct Tensor: Equatable, Sendable {
    /// Length of each side, outermost first.
    package var shape: [Int]
    /// As many as the product of `shape`.
    package var values: [Float]
    /// A tensor whose values fill its shape.
    package init(shape: [Int], values: [Float]) {
      precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill shape \(shape)")
      self.shape = shape
      self.values = values
    }
  }

  /// What the file says about the model.
  package var description: ModelDescription
  /// All tensors that `expectedShapes` names.
  package private(set) var tensors: [String: Tensor]

  /// - Throws: `ModelFileError` if a tensor is missing, has another shape, or holds a value that is not finite or a
  ///   negative variance.
  package init(description: ModelDescription, tensors: [String: Tensor]) throws(ModelFileError) {
    self.description = description
    self.tensors = [:]
    for (name, shape) in Self.expectedShapes(description.architecture, classes: description.labels.count) {
      guard let tensor = tensors[name] else { throw ModelFileError("there is no tensor \"\(name)\"") }
      guard tensor.shape == shape else {
        throw ModelFileError("tensor \"\(name)\" has shape \(tensor.shape), not \(shape)")
      }
      guard tensor.values.allSatisfy({ $0.isFinite }) else {
        throw ModelFileError("tensor \"\(name)\" holds a value that is not finite")
      }
      // The square root of a negative one is not a number, which a ReLU would silently turn into 0.
      guard !name.hasSuffix("running_var") || tensor.values.allSatisfy({ $0 >= 0 }) else {
        throw ModelFileError("tensor \"\(name)\" holds a negative variance")
      }
      self.tensors[name] = tensor
    }
  }

  /// Reads a model from a file's bytes.
  package init(parsing bytes: [UInt8]) throws(ModelFileError) {
    let file = try Safetensors(parsing: bytes)
    let description = try ModelDescription(metadata: file.metadata)
    try description.checkNetwork()
    guard file.metadata["quantisation"] == nil else {
      throw ModelFileError("this is an int8 model", advice: "use the float model that it was made of")
    }
    try file.verify(checksumRequired: false)
    var tensors: [String: Tensor] = [:]
    for (name, shape) in Self.expectedShapes(description.architecture, classes: description.labels.count) {
      tensors[name] = Tensor(shape: shape, values: try file.floats(name, shape: shape))
    }
    try self.init(description: description, tensors: tensors)
  }

  /// The model file's bytes.
  package func serialised() -> [UInt8] {
    var file = Safetensors(metadata: description.metadata())
    for (name, tensor) in tensors { file.set(name, shape: tensor.shape, floats: tensor.values) }
    return file.sealed()
  }

  /// Names and shapes of the tensors of an architecture.
  package static func expectedShapes(_ architecture: NetworkArchitecture, classes: Int) -> [(
    name: String, shape: [Int]
  )] {
    var result: [(String, [Int])] = []
    for layer in architecture.layers {
      let channels = layer.block.channels
      result.append(
        (
          "\(layer.name).conv.weight",
          [channels, layer.inputChannels, layer.block.kernel.height, layer.block.kernel.width]
        ))
      if layer.block.hasBias { result.append(("\(layer.name).conv.bias", [channels])) }
      for part in ["weight", "bias", "running_mean", "running_var"] {
        result.append(("\(layer.name).bn.\(part)", [channels]))
      }
      if architecture.activation == .prelu { result.append(("\(layer.name).act.weight", [channels])) }
    }
    return result + [("head.weight", [classes, architecture.pooledChannels]), ("head.bias", [classes])]
  }
}
