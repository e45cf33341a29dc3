import SerdNetwork

extension FloatModel {
  /// The network as an ONNX file: `input` [N, 1, T, K], scaled as the front end scales it (standardised, clipped), to
  /// `logits` and `probabilities` [N, classes]. N is free, T and K are the model's.
  ///
  /// Batch norm stays an operation of its own; runtimes fold it. What the model file says about itself is in the
  /// metadata under `model`. The front end is not in the graph.
  package func onnx() -> [UInt8] {
    var graph = ONNXGraph()
    graph.input(of: description)
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      // PReLU's slopes are broadcast over height and width.
      let shape = name.hasSuffix("act.weight") ? tensor.shape + [1, 1] : tensor.shape
      graph.weight(name, shape: shape, tensor.values)
    }
    var value = graph.layers(of: description, input: "input") { block(&$0, $1, $2, input: $3) }
    value = graph.node("GlobalAveragePool", [value], output: "pooled")
    value = graph.node("Flatten", [value], output: "vector", attributes: [("axis", .integer(1))])
    return graph.finished(
      description, vector: value, parameters: ["head.weight", "head.bias"], metadata: description.metadata())
  }

  /// Convolution, batch norm, activation, [residual], pool.
  private func block(_ graph: inout ONNXGraph, _ index: Int, _ shape: LayerShape, input: String) -> String {
    let (name, architecture) = (shape.name, description.architecture)
    var value = graph.convolution(
      shape, input: input,
      parameters: ["\(name).conv.weight"] + (shape.block.hasBias ? ["\(name).conv.bias"] : []))
    value = graph.node(
      "BatchNormalization", [value] + ["weight", "bias", "running_mean", "running_var"].map { "\(name).bn.\($0)" },
      output: "\(name).bn", attributes: [("epsilon", .float(architecture.batchNormEpsilon))])
    value = graph.activation(
      shape, of: architecture, isPath: index < architecture.paths.count, value: value, slopes: "\(name).act.weight",
      residual: input)
    return graph.pool(shape, value: value)
  }
}
