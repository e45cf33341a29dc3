import SerdNetwork

/// The float encoder file.
extension EncoderWeights {
  /// Reads an encoder from a file's bytes; as many blocks as there are, or the first `blocks`.
  package init(parsing bytes: [UInt8], blocks: Int? = nil) throws(ModelFileError) {
    let file = try Safetensors(parsing: bytes)
    func number(_ key: String) throws(ModelFileError) -> Int {
      guard let value = file.metadata[key].flatMap({ Int($0) }) else {
        throw ModelFileError("the metadata has no number \"\(key)\"", advice: "make the file with tools/make-encoder")
      }
      return value
    }
    let bands = try number("mels")
    guard bands == EncoderShape.bands else { throw ModelFileError("the encoder reads \(bands) mel bands, not 80") }
    var shape = EncoderShape(width: try number("width"), heads: try number("heads"), blocks: 1)
    if let defect = shape.defect() { throw ModelFileError("the encoder cannot be run: \(defect)") }
    shape.blocks = (1...32).first { file.tensors["blocks.\($0).attn.query.weight"] == nil }!
    if let blocks {
      guard (1...shape.blocks).contains(blocks) else {
        throw ModelFileError("the encoder has \(shape.blocks) blocks, not \(blocks)", advice: "ask for fewer")
      }
      shape.blocks = blocks
    }
    let width = shape.width
    convolutions = [
      try file.convolution("conv1", inputs: EncoderShape.bands, outputs: width),
      try file.convolution("conv2", inputs: width, outputs: width),
    ]
    self.blocks = []
    for index in 0..<shape.blocks { self.blocks.append(try file.block("blocks.\(index)", shape)) }
    self.shape = shape
  }
}

extension Safetensors {
  fileprivate func linear(
    _ name: String, inputs: Int, outputs: Int, hasBias: Bool = true
  ) throws(ModelFileError) -> EncoderWeights.Linear {
    EncoderWeights.Linear(
      weights: try convertedFloats("\(name).weight", shape: [outputs, inputs]),
      biases: hasBias
        ? try convertedFloats("\(name).bias", shape: [outputs]) : [Float](repeating: 0, count: outputs))
  }

  /// From [outputs, inputs, taps] to [outputs][taps][inputs].
  fileprivate func convolution(
    _ name: String, inputs: Int, outputs: Int
  ) throws(ModelFileError) -> EncoderWeights.Linear {
    let taps = EncoderShape.taps
    let source = try convertedFloats("\(name).weight", shape: [outputs, inputs, taps])
    var weights = [Float](repeating: 0, count: source.count)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<taps {
          weights[(output * taps + tap) * inputs + input] = source[(output * inputs + input) * taps + tap]
        }
      }
    }
    return EncoderWeights.Linear(weights: weights, biases: try convertedFloats("\(name).bias", shape: [outputs]))
  }

  fileprivate func norm(_ name: String, width: Int) throws(ModelFileError) -> EncoderWeights.Norm {
    EncoderWeights.Norm(
      weights: try convertedFloats("\(name).weight", shape: [width]),
      biases: try convertedFloats("\(name).bias", shape: [width]))
  }

  fileprivate func block(_ name: String, _ shape: EncoderShape) throws(ModelFileError) -> EncoderWeights.Block {
    let width = shape.width
    let query = try linear("\(name).attn.query", inputs: width, outputs: width)
    let key = try linear("\(name).attn.key", inputs: width, outputs: width, hasBias: false)
    let value = try linear("\(name).attn.value", inputs: width, outputs: width)
    return EncoderWeights.Block(
      attentionNorm: try norm("\(name).attn_ln", width: width),
      queryKeyValue: EncoderWeights.Linear(
        weights: query.weights + key.weights + value.weights, biases: query.biases + key.biases + value.biases),
      out: try linear("\(name).attn.out", inputs: width, outputs: width),
      perceptronNorm: try norm("\(name).mlp_ln", width: width),
      up: try linear("\(name).mlp.0", inputs: width, outputs: shape.hidden),
      down: try linear("\(name).mlp.2", inputs: shape.hidden, outputs: width))
  }
}
