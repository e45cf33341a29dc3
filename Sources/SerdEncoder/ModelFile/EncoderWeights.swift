import SerdNetwork

/// A float encoder's weights. In the file they have OpenAI's names without the prefix `encoder.`: `conv1.weight`,
/// `blocks.0.attn.query.weight`… in single or half precision; `width` and `heads` are in the metadata.
package struct EncoderWeights: Sendable {
  /// A product with a matrix, plus a vector.
  package struct Linear: Equatable, Sendable {
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

  /// A layer norm's factors and summands.
  package struct Norm: Equatable, Sendable {
    package var weights: [Float]
    package var biases: [Float]

    package init(weights: [Float], biases: [Float]) {
      self.weights = weights
      self.biases = biases
    }
  }

  /// One block.
  package struct Block: Equatable, Sendable {
    package var attentionNorm: Norm
    /// Query, key and value one after the other: 3 · width outputs. Keys have no bias.
    package var queryKeyValue: Linear
    package var out: Linear
    package var perceptronNorm: Norm
    package var up: Linear
    package var down: Linear

    package init(
      attentionNorm: Norm, queryKeyValue: Linear, out: Linear, perceptronNorm: Norm, up: Linear, down: Linear
    ) {
      self.attentionNorm = attentionNorm
      self.queryKeyValue = queryKeyValue
      self.out = out
      self.perceptronNorm = perceptronNorm
      self.up = up
      self.down = down
    }
  }

  package let shape: EncoderShape
  /// The convolutions as products: inputs are three frames one after the other.
  package var convolutions: [Linear]
  package var blocks: [Block]

  package init(shape: EncoderShape, convolutions: [Linear], blocks: [Block]) {
    precondition(shape.defect() == nil && convolutions.count == 2 && blocks.count == shape.blocks)
    self.shape = shape
    self.convolutions = convolutions
    self.blocks = blocks
  }

  /// The same encoder with its first blocks alone.
  package func prefix(blocks count: Int) -> EncoderWeights {
    precondition((1...shape.blocks).contains(count), "an encoder of \(shape.blocks) blocks has no first \(count)")
    var shape = shape
    shape.blocks = count
    return EncoderWeights(shape: shape, convolutions: convolutions, blocks: Array(blocks[..<count]))
  }
}
