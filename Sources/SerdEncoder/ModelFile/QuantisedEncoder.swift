import SerdNetwork

/// An int8 encoder: weights symmetric per output, in [-127, 127], neighbours of at most 128 together; activations get a
/// grid of their own per token while it runs (`Int8ReferenceEncoder` is the specification).
///
/// In the file, NAME being `conv1`, `conv2`, `blocks.0.attn.qkv`, `.attn.out`, `.mlp.0` and `.mlp.2`: `NAME.weight` I8
/// [outputs, inputs], `NAME.weight_scale` F32 and `NAME.bias` F32 [outputs]; `blocks.0.attn_ln.weight` and `.bias`,
/// `blocks.0.mlp_ln.…` F32 [width]. All have the prefix `encoder.`; the sizes are in the metadata.
package typealias QuantisedEncoder = EncoderLayers<QuantisedProduct>

/// A product with a matrix of bytes.
package struct QuantisedProduct: Equatable, Sendable {
  /// [outputs][inputs].
  package var weights: [Int8]
  /// Real value of a weight's step, one per output.
  package var scales: [Float]
  /// One per output, real values.
  package var biases: [Float]
  package var outputs: Int { biases.count }
  package var inputs: Int { weights.count / biases.count }

  package init(weights: [Int8], scales: [Float], biases: [Float]) {
    self.weights = weights
    self.scales = scales
    self.biases = biases
  }

  /// An output's scale is the smallest with which neighbouring weights (of inputs 2i and 2i + 1) have magnitudes of at
  /// most 127 steps together, before they are rounded.
  package init(_ product: FloatProduct) {
    let inputs = product.inputs
    weights = []
    weights.reserveCapacity(product.weights.count)
    scales = []
    biases = product.biases
    for output in 0..<product.outputs {
      let row = product.weights[output * inputs..<(output + 1) * inputs]
      let largest = stride(from: row.startIndex, to: row.endIndex, by: 2).reduce(Float(0)) {
        max($0, row[$1].magnitude + row[$1 + 1].magnitude)
      }
      let scale = max(largest / 127, Self.scales.lowerBound)
      scales.append(scale)
      for weight in row { weights.append(Int8((weight / scale).rounded(.toNearestOrEven))) }
    }
  }

  /// Of queries, keys and values: the queries over √(values per head), as the attention wants them.
  func scalingQueries(of shape: EncoderShape) -> QuantisedProduct {
    let factor = 1 / Float(shape.headWidth).squareRoot()
    var result = self
    for output in 0..<shape.width {
      result.scales[output] *= factor
      result.biases[output] *= factor
    }
    return result
  }

  /// What a file may ask for: so no value on the way to the pooled features leaves the range of a float.
  static let scales: ClosedRange<Float> = 1e-12...1
  static let largestBias: Float = 1e4
  /// Magnitudes of two neighbouring weights together.
  package static let largestPair = 128

  /// What the arithmetic could not take, or nil. A sum of products fits in an int32 for all sizes of `EncoderShape`.
  func defect() -> String? {
    // Two products of a weight and an input byte must fit in 16 bits: CInt8Kernels, `serd_int8_matrix`.
    let hasLargePair = weights.withUnsafeBufferPointer { weights in
      stride(from: 0, to: weights.count, by: 2).contains {
        Int(weights[$0].magnitude) + Int(weights[$0 + 1].magnitude) > Self.largestPair
      }
    }
    if hasLargePair || weights.contains(-128) { return "two neighbouring weights are beyond 128 together" }
    if !scales.allSatisfy(Self.scales.contains) { return "a weight scale is not between 1e-12 and 1" }
    if !biases.allSatisfy({ $0.magnitude <= Self.largestBias }) { return "a bias is beyond ±10000" }
    return nil
  }
}

extension EncoderLayers where Product == QuantisedProduct {
  /// Of a float encoder.
  package init(_ weights: EncoderWeights) { self = weights.map { QuantisedProduct($0) } }

  /// Reads the encoder of a file. The file's checksum is the caller's to verify.
  package init(from file: Safetensors) throws(ModelFileError) {
    let shape: EncoderShape = try file.decoded(Self.metadataKey)
    if let defect = shape.defect() { throw ModelFileError("the encoder cannot be run: \(defect)") }
    try self.init(
      shape: shape,
      product: { name, inputs, outputs throws(ModelFileError) in
        let product = QuantisedProduct(
          weights: try file.int8s("encoder.\(name).weight", shape: [outputs, inputs]),
          scales: try file.floats("encoder.\(name).weight_scale", shape: [outputs]),
          biases: try file.floats("encoder.\(name).bias", shape: [outputs]))
        if let defect = product.defect() { throw ModelFileError("the encoder cannot be run: \(name): \(defect)") }
        return product
      },
      norm: { name throws(ModelFileError) in
        let norm = LayerNorm(
          weights: try file.floats("encoder.\(name).weight", shape: [shape.width]),
          biases: try file.floats("encoder.\(name).bias", shape: [shape.width]))
        guard (norm.weights + norm.biases).allSatisfy({ $0.magnitude <= QuantisedProduct.largestBias }) else {
          throw ModelFileError("the encoder cannot be run: \(name): a value is beyond ±10000")
        }
        return norm
      })
  }

  /// Puts the encoder into a file.
  package func store(in file: inout Safetensors) {
    file.encode(Self.metadataKey, shape)
    for (name, product) in products {
      file.set("encoder.\(name).weight", shape: [product.outputs, product.inputs], int8s: product.weights)
      file.set("encoder.\(name).weight_scale", shape: [product.outputs], floats: product.scales)
      file.set("encoder.\(name).bias", shape: [product.outputs], floats: product.biases)
    }
    for (name, norm) in norms {
      file.set("encoder.\(name).weight", shape: [shape.width], floats: norm.weights)
      file.set("encoder.\(name).bias", shape: [shape.width], floats: norm.biases)
    }
  }

  /// A file of the encoder alone.
  package init(parsing bytes: [UInt8]) throws(ModelFileError) {
    let file = try Safetensors(parsing: bytes)
    guard file.metadata[Self.metadataKey] != nil else {
      throw ModelFileError("there is no int8 encoder in this file", advice: "make one with sertrain")
    }
    try file.verify(checksumRequired: true)
    try self.init(from: file)
  }

  /// The bytes of a file of the encoder alone; the same encoder gives the same bytes.
  package func serialised() -> [UInt8] {
    var file = Safetensors()
    store(in: &file)
    return file.sealed()
  }

  /// In the metadata: an `EncoderShape` in JSON.
  package static var metadataKey: String { "encoder" }
}
