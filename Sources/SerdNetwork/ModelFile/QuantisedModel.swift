/// An int8 model, in the arithmetic of ARCHITECTURE.md, "Int8 arithmetic": weights per output channel and symmetric in
/// [-127, 127], activations per tensor and asymmetric, batch norm folded away. This is what serd runs.
///
/// In the file, NAME being `path1`… and `body1`…: `NAME.conv.weight` I8 [O, I, H, W], `NAME.conv.weight_scale` F32 [O],
/// `NAME.conv.bias` I32 [O] in units of input scale × weight scale, `NAME.act.weight` F32 [O] (PReLU slopes);
/// `head.weight` I8 [classes, C], `head.weight_scale`, `head.bias`. The activations' scales and zero points are in the
/// metadata.
///
/// Every value that could make the arithmetic overflow is refused when a model is made or read (`overflowDefect`), so
/// the kernels need no checks.
package struct QuantisedModel: Sendable {
  /// An asymmetric int8 tensor: real value = scale × (stored - zeroPoint).
  package struct Activation: Codable, Equatable, Sendable {
    /// Real value of one step; positive.
    package var scale: Float
    /// The stored value that stands for 0, in -128...127.
    package var zeroPoint: Int
    /// A grid of this step with its zero there.
    package init(scale: Float, zeroPoint: Int) {
      self.scale = scale
      self.zeroPoint = zeroPoint
    }

    /// The smallest grid that covers `low`…`high` and has an exact zero.
    package init(covering low: Float, _ high: Float) {
      let (low, high) = (min(low, 0), max(high, low + 1e-6, 1e-6))
      scale = (high - low) / 255
      // Ranges that are not finite have no grid; the model's own checks then refuse the scale.
      let steps = scale.isFinite ? (-128 - low / scale).rounded(.toNearestOrEven) : 0
      zeroPoint = Int(max(-128, min(127, steps)))
    }
  }

  /// Scales and zero points of all activations.
  package struct Activations: Codable, Equatable, Sendable {
    /// The network's input, fixed by the front end's clip.
    package var input: Activation
    /// Common to the paths' outputs, since they are concatenated.
    package var paths: Activation
    /// Outputs of the body blocks; the last is the one after the global average pool.
    package var body: [Activation]
    /// Grids of the input, of the concatenated paths, and of each body block.
    package init(input: Activation, paths: Activation, body: [Activation]) {
      self.input = input
      self.paths = paths
      self.body = body
    }
  }

  /// Weights of one convolution or of the dense layer.
  package struct Weights: Equatable, Sendable {
    /// [O, I, H, W], or [classes, C].
    package var values: [Int8]
    /// One per output channel.
    package var scales: [Float]
    /// One per output channel, in units of input scale × weight scale.
    package var biases: [Int32]
    /// PReLU slopes, one per output channel; empty for ReLU.
    package var slopes: [Float]
    /// Weights, scales, biases and slopes of one layer.
    package init(values: [Int8], scales: [Float], biases: [Int32], slopes: [Float]) {
      self.values = values
      self.scales = scales
      self.biases = biases
      self.slopes = slopes
    }
  }

  /// What the file says about the model.
  package let description: ModelDescription
  /// Grids of all activations.
  package let activations: Activations
  /// In the order of `description.layerShapes`.
  package let layers: [Weights]
  /// The dense layer.
  package let head: Weights

  /// - Throws: `ModelFileError` that names the first value which the arithmetic cannot take.
  package init(
    description: ModelDescription, activations: Activations, layers: [Weights], head: Weights
  ) throws(ModelFileError) {
    self.description = description
    self.activations = activations
    self.layers = layers
    self.head = head
    if let defect = description.defect() ?? overflowDefect() {
      throw ModelFileError("the model cannot be run: \(defect)")
    }
  }

  /// The input's grid: fixed by the front end's clip.
  package static func inputActivation(clip: Float) -> Activation { Activation(scale: 2 * clip / 255, zeroPoint: 0) }

  /// What the layer at `index` of `description.layerShapes` reads.
  package func inputActivation(ofLayer index: Int) -> Activation {
    let pathCount = description.architecture.paths.count
    if index < pathCount { return activations.input }
    return index == pathCount ? activations.paths : activations.body[index - pathCount - 1]
  }

  /// What the layer at `index` of `description.layerShapes` writes.
  package func outputActivation(ofLayer index: Int) -> Activation {
    let pathCount = description.architecture.paths.count
    return index < pathCount ? activations.paths : activations.body[index - pathCount]
  }

  /// The scale from a layer's accumulator to its output steps, per channel: m[c] of the specification.
  func multipliers(layer index: Int) -> [Float] {
    let input = inputActivation(ofLayer: index)
    let output = outputActivation(ofLayer: index)
    return layers[index].scales.map { input.scale * $0 / output.scale }
  }
}
