import SerdNetwork

extension QuantisedModel {
  /// The int8 network as an ONNX file with `QuantizeLinear` and `DequantizeLinear` (QDQ): inputs and outputs as
  /// `FloatModel.onnx`.
  ///
  /// Weights are int8, biases int32, those of the head float; and every activation is rounded to its grid where
  /// `FusedConvolution` rounds it: after the pool. Between two roundings a runtime computes in float32, so a value that
  /// lies between two steps may fall to the other side; with PReLU also because serd sums the pool in sixteenths of a
  /// step. So it says what serd says in a quarter of the float file, and it is slower than that: no runtime has an int8
  /// convolution that rounds after the pool.
  package func onnx() -> [UInt8] {
    var graph = ONNXGraph()
    graph.input(of: description)
    var value = Self.rounded("input", to: activations.input, &graph)
    value = graph.layers(of: description, input: value) { block(&$0, $1, $2, input: $3) }
    value = graph.node("Flatten", [value], output: "vector", attributes: [("axis", .integer(1))])
    // In float, from the same integers: runtimes disagree on what a quantised Gemm is.
    let shape = [description.labels.count, description.architecture.pooledChannels]
    let inputScale = (activations.body.last ?? activations.paths).scale
    graph.weight("head.weight", shape: shape, head.realWeights)
    graph.weight("head.bias", shape: [shape[0]], zip(head.biases, head.scales).map { Float($0) * (inputScale * $1) })
    let parameters = ["head.weight", "head.bias"]
    var metadata = description.metadata()
    metadata["quantisation"] = "int8, as serd rounds"
    return graph.finished(description, vector: value, parameters: parameters, metadata: metadata)
  }

  /// Convolution, activation, [residual], pool, rounding.
  private func block(_ graph: inout ONNXGraph, _ index: Int, _ shape: LayerShape, input: String) -> String {
    let (name, architecture, weights) = (shape.name, description.architecture, layers[index])
    let kernel = shape.block.kernel
    let parameters = Self.parameters(
      "\(name).conv", weights, shape: [shape.block.channels, shape.inputChannels, kernel.height, kernel.width],
      inputScale: inputActivation(ofLayer: index).scale, &graph)
    var value = graph.convolution(shape, input: input, parameters: parameters)
    let slopes = "\(name).act.weight"
    if !weights.slopes.isEmpty { graph.weight(slopes, shape: [weights.slopes.count, 1, 1], weights.slopes) }
    value = graph.activation(
      shape, of: architecture, isPath: index < architecture.paths.count, value: value, slopes: slopes, residual: input)
    let isLast = index == layers.count - 1
    value = isLast ? graph.node("GlobalAveragePool", [value], output: "pooled") : graph.pool(shape, value: value)
    return Self.rounded(value, to: outputActivation(ofLayer: index), &graph)
  }

  /// `value` on the grid of `activation`, as real numbers.
  private static func rounded(_ value: String, to activation: Activation, _ graph: inout ONNXGraph) -> String {
    let grid = ["\(value).scale", "\(value).zero_point"]
    graph.weight(grid[0], shape: [], [activation.scale])
    graph.weight(grid[1], shape: [], int8s: [Int8(activation.zeroPoint)])
    let steps = graph.node("QuantizeLinear", [value] + grid, output: "\(value).steps")
    return graph.node("DequantizeLinear", [steps] + grid, output: "\(value).rounded")
  }

  /// Weights and bias of a layer as real numbers: the stored integers times a scale for each output channel.
  private static func parameters(
    _ name: String, _ weights: Weights, shape: [Int], inputScale: Float, _ graph: inout ONNXGraph
  ) -> [String] {
    let channels = weights.scales.count
    graph.weight("\(name).weight", shape: shape, int8s: weights.values)
    graph.weight("\(name).weight_scale", shape: [channels], weights.scales)
    // A zero point each, though all are zero: what a runtime makes of weights may need one beside every scale.
    graph.weight("\(name).weight_zero", shape: [channels], int8s: Array(repeating: 0, count: channels))
    graph.weight("\(name).bias", shape: [channels], int32s: weights.biases)
    graph.weight("\(name).bias_zero", shape: [channels], int32s: Array(repeating: 0, count: channels))
    graph.weight("\(name).bias_scale", shape: [channels], weights.scales.map { inputScale * $0 })
    return ["weight", "bias"].map { part in
      graph.node(
        "DequantizeLinear", ["", "_scale", "_zero"].map { "\(name).\(part)\($0)" }, output: "\(name).\(part).real",
        attributes: [("axis", .integer(0))])
    }
  }
}

extension QuantisedModel.Weights {
  /// The integers times the scale of their output channel.
  fileprivate var realWeights: [Float] {
    let perChannel = values.count / scales.count
    return values.indices.map { Float(values[$0]) * scales[$0 / perChannel] }
  }
}
