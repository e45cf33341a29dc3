import SerdNetwork

/// A float encoder. In its file the tensors have OpenAI's names without the prefix `encoder.`: `conv1.weight`,
/// `blocks.0.attn.query.weight`… in single or half precision; `width` and `heads` are in the metadata.
package typealias EncoderWeights = EncoderLayers<FloatProduct>

/// A product with a matrix, plus a vector.
package struct FloatProduct: Equatable, Sendable {
  /// [outputs][inputs].
  package var weights: [Float]
  /// One per output.
  package var biases: [Float]
  package var outputs: Int { biases.count }
  package var inputs: Int { weights.count / biases.count }

  package init(weights: [Float], biases: [Float]) {
    self.weights = weights
    self.biases = biases
  }
}

extension EncoderLayers where Product == FloatProduct {
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
    var shape = EncoderShape(width: try number("width"), heads: try number("heads"), blocks: 0)
    while file.tensors["blocks.\(shape.blocks).attn.query.weight"] != nil { shape.blocks += 1 }
    if let blocks {
      guard (1...max(1, shape.blocks)).contains(blocks) else {
        throw ModelFileError("the encoder has \(shape.blocks) blocks, not \(blocks)", advice: "ask for fewer")
      }
      shape.blocks = blocks
    }
    if let defect = shape.defect() { throw ModelFileError("the encoder cannot be run: \(defect)") }
    self = try EncoderLayers(
      shape: shape,
      product: { name, inputs, outputs throws(ModelFileError) in
        if name.hasPrefix("conv") { return try file.convolution(name, inputs: inputs, outputs: outputs) }
        guard name.hasSuffix(".qkv") else { return try file.product(name, inputs: inputs, outputs: outputs) }
        let parts = name.dropLast(3)
        let query = try file.product("\(parts)query", inputs: inputs, outputs: outputs / 3)
        let key = try file.product("\(parts)key", inputs: inputs, outputs: outputs / 3, hasBias: false)
        let value = try file.product("\(parts)value", inputs: inputs, outputs: outputs / 3)
        return FloatProduct(
          weights: query.weights + key.weights + value.weights, biases: query.biases + key.biases + value.biases)
      },
      norm: { name throws(ModelFileError) in
        LayerNorm(
          weights: try file.convertedFloats("\(name).weight", shape: [shape.width]),
          biases: try file.convertedFloats("\(name).bias", shape: [shape.width]))
      })
  }
}

extension Safetensors {
  fileprivate func product(
    _ name: String, inputs: Int, outputs: Int, hasBias: Bool = true
  ) throws(ModelFileError) -> FloatProduct {
    FloatProduct(
      weights: try convertedFloats("\(name).weight", shape: [outputs, inputs]),
      biases: hasBias
        ? try convertedFloats("\(name).bias", shape: [outputs]) : [Float](repeating: 0, count: outputs))
  }

  /// From [outputs, inputs, taps] to [outputs][taps][inputs].
  fileprivate func convolution(
    _ name: String, inputs all: Int, outputs: Int
  ) throws(ModelFileError) -> FloatProduct {
    let taps = EncoderShape.taps
    let inputs = all / taps
    let source = try convertedFloats("\(name).weight", shape: [outputs, inputs, taps])
    var weights = [Float](repeating: 0, count: source.count)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<taps {
          weights[(output * taps + tap) * inputs + input] = source[(output * inputs + input) * taps + tap]
        }
      }
    }
    return FloatProduct(weights: weights, biases: try convertedFloats("\(name).bias", shape: [outputs]))
  }
}
