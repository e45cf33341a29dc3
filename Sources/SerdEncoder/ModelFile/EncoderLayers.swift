import SerdNetwork

/// All layers of a speech encoder, in the order in which a window goes through them. A `Product` is what a matrix
/// product is made of: `FloatProduct` or `QuantisedProduct`.
package struct EncoderLayers<Product: Sendable>: Sendable {
  /// One block.
  package struct Block: Sendable {
    package var attentionNorm: LayerNorm
    /// Query, key and value one after the other: 3 · width outputs. Keys have no bias.
    package var queryKeyValue: Product
    package var out: Product
    package var perceptronNorm: LayerNorm
    package var up: Product
    package var down: Product
  }

  package private(set) var shape: EncoderShape
  /// The convolutions as products: their inputs are three frames one after the other.
  package let convolutions: [Product]
  package private(set) var blocks: [Block]

  /// Made by two functions of a layer's name (`conv1`, `blocks.0.up`; `blocks.0.attn_ln`), inputs and outputs.
  package init(
    shape: EncoderShape, product: (_ name: String, _ inputs: Int, _ outputs: Int) throws(ModelFileError) -> Product,
    norm: (_ name: String) throws(ModelFileError) -> LayerNorm
  ) throws(ModelFileError) {
    self.shape = shape
    let (width, taps) = (shape.width, EncoderShape.taps)
    convolutions = [
      try product("conv1", taps * EncoderShape.bands, width), try product("conv2", taps * width, width),
    ]
    blocks = []
    for index in 0..<shape.blocks {
      let name = "blocks.\(index)"
      blocks.append(
        Block(
          attentionNorm: try norm("\(name).attn_ln"),
          queryKeyValue: try product("\(name).attn.qkv", width, 3 * width),
          out: try product("\(name).attn.out", width, width), perceptronNorm: try norm("\(name).mlp_ln"),
          up: try product("\(name).mlp.0", width, shape.hidden),
          down: try product("\(name).mlp.2", shape.hidden, width)))
    }
  }

  /// Every product by its name, in their order.
  package var products: [(name: String, product: Product)] {
    [("conv1", convolutions[0]), ("conv2", convolutions[1])]
      + blocks.enumerated().flatMap { index, block in
        [
          ("attn.qkv", block.queryKeyValue), ("attn.out", block.out), ("mlp.0", block.up), ("mlp.2", block.down),
        ].map { ("blocks.\(index).\($0)", $1) }
      }
  }

  /// Every norm by its name.
  package var norms: [(name: String, norm: LayerNorm)] {
    blocks.enumerated().flatMap { index, block in
      [("blocks.\(index).attn_ln", block.attentionNorm), ("blocks.\(index).mlp_ln", block.perceptronNorm)]
    }
  }

  /// The same layers with other products.
  package func map<Other>(_ transform: (Product) -> Other) -> EncoderLayers<Other> {
    let products = Dictionary(uniqueKeysWithValues: products.map { ($0.name, $0.product) })
    let norms = Dictionary(uniqueKeysWithValues: norms.map { ($0.name, $0.norm) })
    // What has been made has all names.
    return try! EncoderLayers<Other>(
      shape: shape, product: { name, _, _ in transform(products[name]!) }, norm: { norms[$0]! })
  }

  /// The same encoder with its first blocks alone.
  package func prefix(blocks count: Int) -> EncoderLayers {
    precondition((1...shape.blocks).contains(count), "an encoder of \(shape.blocks) blocks has no first \(count)")
    var result = self
    result.shape.blocks = count
    result.blocks = Array(blocks[..<count])
    return result
  }
}

/// A layer norm's factors and summands.
package struct LayerNorm: Equatable, Sendable {
  package var weights: [Float]
  package var biases: [Float]

  package init(weights: [Float], biases: [Float]) {
    self.weights = weights
    self.biases = biases
  }
}
