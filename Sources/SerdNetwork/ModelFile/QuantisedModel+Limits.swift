/// The proof that int8 arithmetic cannot overflow for this model, whatever the input: checked once, when a model is
/// made or read.
extension QuantisedModel {
  /// Largest sum of products that a layer may reach: an int32, with room to spare.
  static let largestAccumulator = 1 << 30
  /// Largest |value| on PReLU's grid of 1/16 output step; 127 cells of it fit in an int32.
  static let largestGridValue: Float = 16_777_216

  /// What the arithmetic could not take, or nil.
  func overflowDefect() -> String? {
    let shapes = description.layerShapes
    guard layers.count == shapes.count, activations.body.count == description.architecture.body.count, !shapes.isEmpty
    else {
      return "it has \(layers.count) layers and \(activations.body.count) activation scales for \(shapes.count) blocks"
    }
    for activation in [activations.input, activations.paths] + activations.body {
      guard activation.scale.isFinite, activation.scale > 1e-12, activation.scale < 1e12,
        (-128...127).contains(activation.zeroPoint)
      else { return "an activation has scale \(activation.scale) and zero point \(activation.zeroPoint)" }
    }
    guard activations.input == Self.inputActivation(clip: description.frontEnd.clip) else {
      return
        "its input scale \(activations.input.scale) does not belong to its front end's clip \(description.frontEnd.clip)"
    }
    for (index, shape) in shapes.enumerated() {
      let isLast = index == shapes.count - 1
      if isLast, shape.block.pool != nil { return "its last block pools before the global pool" }
      let cells = isLast ? shape.input.count : shape.block.pool?.count ?? 1
      if let defect = defect(ofLayer: index, shape, cells: cells) { return "\(shape.name): \(defect)" }
    }
    let inputs = description.architecture.pooledChannels
    return defect(of: head, outputs: description.labels.count, inputs: inputs, slopes: 0, cells: 1).map {
      "head: \($0)"
    }
  }

  private func defect(ofLayer index: Int, _ shape: LayerShape, cells: Int) -> String? {
    let weights = layers[index]
    let channels = shape.block.channels
    let isPReLU = description.architecture.activation == .prelu
    let inputs = shape.inputChannels * shape.block.kernel.count
    if let defect = defect(
      of: weights, outputs: channels, inputs: inputs, slopes: isPReLU ? channels : 0, cells: isPReLU ? 1 : cells)
    {
      return defect
    }
    guard isPReLU else { return nil }
    guard cells <= 127 else { return "a pool of \(cells) cells" }
    let multipliers = multipliers(layer: index)
    for channel in 0..<channels {
      let reach = Float(weights.largestAccumulator(channel: channel))
      let slope = max(1, abs(weights.slopes[channel]))
      guard reach * multipliers[channel] * 16 * slope + 255 * 16 * activationRatio(index) <= Self.largestGridValue
      else {
        return "channel \(channel) could leave the range of its grid"
      }
    }
    return nil
  }

  /// How many output steps one input step is worth to a path's residual.
  private func activationRatio(_ index: Int) -> Float {
    description.architecture.hasPathResidual && index < description.architecture.paths.count
      ? activations.input.scale / activations.paths.scale : 0
  }

  private func defect(of weights: Weights, outputs: Int, inputs: Int, slopes: Int, cells: Int) -> String? {
    guard weights.values.count == outputs * inputs, weights.scales.count == outputs, weights.biases.count == outputs,
      weights.slopes.count == slopes
    else { return "\(weights.values.count) weights for \(outputs) × \(inputs)" }
    // Two products of a weight and an input byte must fit in 16 bits on Cortex-A72: 2 · 127 · 128 = 32,512.
    guard !weights.values.contains(-128) else { return "a weight is -128; the range is -127 to 127" }
    guard weights.scales.allSatisfy({ $0.isFinite && $0 > 0 && $0 < 1e12 }), weights.slopes.allSatisfy({ $0.isFinite })
    else {
      return "a weight scale or slope is not finite and positive"
    }
    for channel in 0..<outputs {
      let reach = weights.largestAccumulator(channel: channel)
      guard reach * cells <= Self.largestAccumulator else { return "channel \(channel) could overflow its accumulator" }
    }
    return nil
  }
}

extension QuantisedModel.Weights {
  /// The largest |sum| that an output channel can reach, whatever the input.
  func largestAccumulator(channel: Int) -> Int {
    let inputs = values.count / biases.count
    var sum = 0
    values.withUnsafeBufferPointer { values in
      // No file is so long that this overflows.
      for i in channel * inputs..<(channel + 1) * inputs { sum &+= Int(values[i].magnitude) }
    }
    return Int(biases[channel].magnitude) + 255 * sum
  }
}
