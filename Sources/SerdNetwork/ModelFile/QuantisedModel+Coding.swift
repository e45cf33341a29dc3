/// The int8 model file.
extension QuantisedModel {
  /// Reads a model from a file's bytes: every length, shape, scale and bound is checked, and the checksum.
  package init(parsing bytes: [UInt8]) throws(ModelFileError) {
    try self.init(Safetensors(parsing: bytes))
  }

  /// Takes a model out of a file.
  package init(_ file: Safetensors) throws(ModelFileError) {
    let description = try ModelDescription(metadata: file.metadata)
    try description.checkNetwork()
    guard file.metadata["quantisation"] != nil else {
      throw ModelFileError("this is a float model", advice: "make an int8 model of it with sertrain quantise")
    }
    try file.verify(checksumRequired: true)
    let activations: Activations = try decodeMetadata("quantisation", file.metadata)
    var layers: [Weights] = []
    for shape in description.layerShapes {
      layers.append(
        try file.weights(
          "\(shape.name).conv",
          shape: [shape.block.channels, shape.inputChannels, shape.block.kernel.height, shape.block.kernel.width],
          slopes: description.architecture.activation == .prelu ? "\(shape.name).act.weight" : nil))
    }
    let head = try file.weights(
      "head", shape: [description.labels.count, description.architecture.pooledChannels], slopes: nil)
    try self.init(description: description, activations: activations, layers: layers, head: head)
  }

  /// The model file's bytes; the same model gives the same bytes.
  package func serialised() -> [UInt8] {
    var metadata = description.metadata()
    metadata["quantisation"] = encodeMetadata(activations)
    var file = Safetensors(metadata: metadata)
    for (shape, weights) in zip(description.layerShapes, layers) {
      let kernel = shape.block.kernel
      let dimensions = [shape.block.channels, shape.inputChannels, kernel.height, kernel.width]
      file.set("\(shape.name).conv", shape: dimensions, weights)
      if !weights.slopes.isEmpty {
        file.set("\(shape.name).act.weight", shape: [weights.slopes.count], floats: weights.slopes)
      }
    }
    file.set("head", shape: [description.labels.count, description.architecture.pooledChannels], head)
    return file.sealed()
  }
}

extension Safetensors {
  fileprivate func weights(
    _ name: String, shape: [Int], slopes: String?
  ) throws(ModelFileError) -> QuantisedModel.Weights {
    var slopeValues: [Float] = []
    if let slopes { slopeValues = try floats(slopes, shape: [shape[0]]) }
    return QuantisedModel.Weights(
      values: try int8s("\(name).weight", shape: shape), scales: try floats("\(name).weight_scale", shape: [shape[0]]),
      biases: try int32s("\(name).bias", shape: [shape[0]]), slopes: slopeValues)
  }

  fileprivate mutating func set(_ name: String, shape: [Int], _ weights: QuantisedModel.Weights) {
    set("\(name).weight", shape: shape, int8s: weights.values)
    set("\(name).weight_scale", shape: [shape[0]], floats: weights.scales)
    set("\(name).bias", shape: [shape[0]], int32s: weights.biases)
  }
}
