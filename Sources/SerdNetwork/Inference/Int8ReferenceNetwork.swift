import SerdFeatures

/// The scalar int8 network: readable, exact, on every machine. The specification of the whole network's arithmetic, as
/// `FusedConvolution` is of one operation; faster classifiers must give the same bits.
///
/// Input → quantised to int8 → paths (concatenated) → body → pooled vector → dense layer in int32 → float logits →
/// softmax.
package final class Int8ReferenceNetwork: WindowClassifier {
  /// The model that is run.
  package let model: QuantisedModel
  /// What it says about itself.
  package var description: ModelDescription { model.description }
  private let scaling: InputScaling
  private let layers: [FusedConvolution]
  private let dense: ReferenceDenseLayer
  private let arena: Int8Arena
  private let pathCount: Int
  private var scaled: [Float]

  /// Lays the weights out for the scalar loops. Cost: about twice the model's size in memory.
  package init(model: QuantisedModel) {
    self.model = model
    let description = model.description
    scaling = InputScaling(settings: description.frontEnd)
    pathCount = description.architecture.paths.count
    layers = description.layerShapes.indices.map { FusedConvolution(model: model, layer: $0) }
    dense = ReferenceDenseLayer(model: model)
    let sizes = zip(layers, description.layerShapes).map { layer, shape in
      layer.outputSize.count * max(shape.block.channels, description.architecture.concatenatedChannels)
    }
    let inputSize = description.windowFrames * description.frontEnd.coefficients
    arena = Int8Arena(capacity: max(inputSize, sizes.max() ?? 0))
    scaled = Array(repeating: 0, count: description.frontEnd.coefficients)
  }

  /// Classifies one window (`WindowClassifier`).
  package func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
    quantise(window)
    run(into: &probabilities)
    Softmax.apply(&probabilities, temperature: model.description.softmaxTemperature)
  }

  /// The logits of an already scaled input (`windowFrames` × `coefficients`, within ±clip): for tests and for sertrain.
  package func logits(scaledInput: [Float]) -> [Float] {
    precondition(scaledInput.count == model.description.windowFrames * model.description.frontEnd.coefficients)
    for (index, value) in scaledInput.enumerated() { arena.front[index] = quantise(value) }
    var logits = [Float](repeating: 0, count: model.description.labels.count)
    run(into: &logits)
    return logits
  }

  /// q = clamp(round(x / scale) + zeroPoint), the division in float32.
  private func quantise(_ value: Float) -> Int8 {
    let input = model.activations.input
    let steps = Requantisation.roundedToInteger(value / input.scale) + Int32(input.zeroPoint)
    return Int8(max(-128, min(127, steps)))
  }

  private func quantise(_ window: FeatureWindow) {
    let description = model.description
    precondition(
      window.frameCount == description.windowFrames && window.coefficientCount == description.frontEnd.coefficients,
      "a window of \(window.frameCount) × \(window.coefficientCount) given to a model of \(description.windowFrames) frames"
    )
    for frame in 0..<window.frameCount {
      scaled.withUnsafeMutableBufferPointer {
        scaling.apply(
          window.coefficients + frame * window.coefficientCount, gainStep: window.gainStep,
          adapted: window.standardisation, into: $0.baseAddress!)
      }
      for k in 0..<scaled.count { arena.front[frame * scaled.count + k] = quantise(scaled[k]) }
    }
  }

  /// From the quantised input in the arena's front buffer to logits.
  private func run(into logits: inout [Float]) {
    let channels = model.description.architecture.concatenatedChannels
    var offset = 0
    for (layer, block) in zip(layers, model.description.architecture.paths) {
      layer.apply(arena.front, into: arena.back, channelStride: channels, channelOffset: offset)
      offset += block.channels
    }
    arena.swap()
    for (layer, block) in zip(layers.dropFirst(pathCount), model.description.architecture.body) {
      layer.apply(arena.front, into: arena.back, channelStride: block.channels, channelOffset: 0)
      arena.swap()
    }
    dense.apply(arena.front, into: &logits)
  }
}

/// The dense layer: int32 products and bias, then one float32 factor per class, no rounding.
private struct ReferenceDenseLayer {
  private let weights: [Int8]
  private let biases: [Int32]
  private let factors: [Float]
  private let zeroPoint: Int32

  init(model: QuantisedModel) {
    let input = model.activations.body.last ?? model.activations.paths
    weights = model.head.values
    biases = model.head.biases
    factors = model.head.scales.map { input.scale * $0 }
    zeroPoint = Int32(input.zeroPoint)
  }

  func apply(_ input: UnsafePointer<Int8>, into logits: inout [Float]) {
    let inputs = weights.count / biases.count
    for c in biases.indices {
      var acc = biases[c]
      for i in 0..<inputs { acc += (Int32(input[i]) - zeroPoint) * Int32(weights[c * inputs + i]) }
      logits[c] = Float(acc) * factors[c]
    }
  }
}

/// Two buffers that the layers write in turn.
private final class Int8Arena {
  private(set) var front: UnsafeMutablePointer<Int8>
  private(set) var back: UnsafeMutablePointer<Int8>

  init(capacity: Int) {
    front = .allocate(capacity: capacity)
    back = .allocate(capacity: capacity)
    front.initialize(repeating: 0, count: capacity)
    back.initialize(repeating: 0, count: capacity)
  }

  func swap() { Swift.swap(&front, &back) }

  deinit {
    front.deallocate()
    back.deallocate()
  }
}
