/// One block of a network, whatever the input's size.
package struct Layer: Equatable, Sendable {
  /// `path1`…`path3`, `body1`…`body5`: also the prefix of its tensors in the model file.
  package let name: String
  /// Kernel, channels and pool.
  package let block: NetworkArchitecture.Block
  /// Channels that the convolution reads.
  package let inputChannels: Int
}

/// One block of a network at a given input size: everything that a kernel, a trainer or a report asks of it.
package struct LayerShape: Equatable, Sendable {
  /// `path1`…`path3`, `body1`…`body5`: also the prefix of its tensors in the model file.
  package let name: String
  /// Kernel, channels and pool.
  package let block: NetworkArchitecture.Block
  /// Channels that the convolution reads.
  package let inputChannels: Int
  /// Size of the convolution's input and, with SAME padding, of its output.
  package let input: NetworkArchitecture.Extent
  /// Size after pooling.
  package let output: NetworkArchitecture.Extent

  /// Multiply-adds of the convolution for one window, padding taps counted as work.
  package var multiplyAdds: Int { input.count * block.kernel.count * inputChannels * block.channels }
}

extension NetworkArchitecture {
  /// Output channels of the concatenated paths.
  package var concatenatedChannels: Int { paths.reduce(0) { $0 + $1.channels } }

  /// Width of the vector that the dense layer reads.
  package var pooledChannels: Int { body.last?.channels ?? concatenatedChannels }

  /// The path blocks, then the body blocks.
  package var layers: [Layer] {
    var layers = paths.enumerated().map { Layer(name: "path\($0 + 1)", block: $1, inputChannels: 1) }
    var channels = concatenatedChannels
    for (index, block) in body.enumerated() {
      layers.append(Layer(name: "body\(index + 1)", block: block, inputChannels: channels))
      channels = block.channels
    }
    return layers
  }

  /// Shapes of the path blocks, then of the body blocks, for `frames` × `coefficients` input.
  ///
  /// All paths must pool alike, since their outputs are concatenated; `defect` tells if not.
  package func layerShapes(frames: Int, coefficients: Int) -> [LayerShape] {
    let input = Extent(frames, coefficients)
    var shapes: [LayerShape] = []
    for (index, layer) in layers.enumerated() {
      shapes.append(LayerShape(layer, input: index < paths.count ? input : shapes[index - 1].output))
    }
    return shapes
  }

  /// Multiply-adds of all layers for one window.
  package func multiplyAdds(frames: Int, coefficients: Int, classes: Int) -> Int {
    layerShapes(frames: frames, coefficients: coefficients).reduce(pooledChannels * classes) { $0 + $1.multiplyAdds }
  }

  /// Parameters that training changes: weights, biases, batch-norm gain and offset, PReLU slopes.
  package func trainableParameters(classes: Int) -> Int {
    layers.reduce(pooledChannels * classes + classes) { sum, layer in
      let perChannel = (layer.block.hasBias ? 1 : 0) + 2 + (activation == .prelu ? 1 : 0)
      return sum + layer.block.channels * (layer.block.kernel.count * layer.inputChannels + perChannel)
    }
  }

  /// What is wrong with this architecture, or nil. For values that come from a file.
  package func defect() -> String? {
    guard (1...8).contains(paths.count), (1...16).contains(body.count) else {
      return "needs 1 to 8 paths and 1 to 16 body blocks"
    }
    for block in paths + body {
      guard (1...1024).contains(block.channels) else { return "a block has \(block.channels) channels" }
      for side in [block.kernel.height, block.kernel.width] where !(1...31).contains(side) || side % 2 == 0 {
        return "a kernel side is \(side); it must be odd and at most 31"
      }
      for side in [block.pool?.height ?? 1, block.pool?.width ?? 1] where !(1...8).contains(side) {
        return "a pool side is \(side); it must be 1 to 8"
      }
    }
    guard Set(paths.map { "\($0.pool?.height ?? 1)x\($0.pool?.width ?? 1)" }).count == 1 else {
      return "the paths pool differently, so they cannot be concatenated"
    }
    guard batchNormEpsilon.isFinite, batchNormEpsilon > 0 else { return "batch-norm epsilon is \(batchNormEpsilon)" }
    return nil
  }
}

extension LayerShape {
  fileprivate init(_ layer: Layer, input: NetworkArchitecture.Extent) {
    name = layer.name
    block = layer.block
    inputChannels = layer.inputChannels
    self.input = input
    let pool = block.pool ?? NetworkArchitecture.Extent(1, 1)
    output = NetworkArchitecture.Extent(
      (input.height + pool.height - 1) / pool.height, (input.width + pool.width - 1) / pool.width)
  }
}
