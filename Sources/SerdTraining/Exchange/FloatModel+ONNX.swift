import SerdNetwork

extension FloatModel {
  /// The network as an ONNX file: `input` [N, 1, T, K], scaled as the front end scales it (standardised, clipped), to `logits` and
  /// `probabilities` [N, classes]. N is free, T and K are the model's.
  ///
  /// Batch norm stays an operation of its own; runtimes fold it. What the model file says about itself is in the metadata under
  /// `model`. The front end is not in the graph.
  public func onnx() -> [UInt8] {
    var graph = ONNXGraph()
    let (frames, coefficients) = (description.windowFrames, description.frontEnd.coefficients)
    let classes = description.labels.count
    graph.input("input", [.named("N"), .fixed(1), .fixed(frames), .fixed(coefficients)])
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      // PReLU's slopes are broadcast over height and width.
      let shape = name.hasSuffix("act.weight") ? tensor.shape + [1, 1] : tensor.shape
      graph.weight(name, shape: shape, tensor.values)
    }
    let shapes = description.layerShapes
    let paths = shapes.prefix(description.architecture.paths.count).map { shape in
      block(shape, input: "input", isPath: true, &graph)
    }
    var value =
      paths.count > 1 ? graph.node("Concat", paths, output: "paths", attributes: [("axis", .integer(1))]) : paths[0]
    for shape in shapes.dropFirst(paths.count) { value = block(shape, input: value, isPath: false, &graph) }
    value = graph.node("GlobalAveragePool", [value], output: "pooled")
    value = graph.node("Flatten", [value], output: "vector", attributes: [("axis", .integer(1))])
    value = graph.node(
      "Gemm", [value, "head.weight", "head.bias"], output: "logits", attributes: [("transB", .integer(1))])
    if let temperature = description.temperature {
      graph.weight("temperature", shape: [], [temperature])
      value = graph.node("Div", [value, "temperature"], output: "cooled")
    }
    _ = graph.node("Softmax", [value], output: "probabilities", attributes: [("axis", .integer(1))])
    for name in ["logits", "probabilities"] { graph.output(name, [.named("N"), .fixed(classes)]) }
    return graph.serialised(name: description.name, metadata: description.metadata())
  }

  /// Convolution, batch norm, activation, [residual], pool.
  private func block(_ shape: LayerShape, input: String, isPath: Bool, _ graph: inout ONNXGraph) -> String {
    let (name, kernel) = (shape.name, shape.block.kernel)
    let (height, width) = (kernel.height / 2, kernel.width / 2)
    let weights = ["\(name).conv.weight"] + (shape.block.hasBias ? ["\(name).conv.bias"] : [])
    var value = graph.node(
      "Conv", [input] + weights, output: "\(name).conv",
      attributes: [
        ("kernel_shape", .integers([kernel.height, kernel.width])),
        ("pads", .integers([height, width, height, width])),
      ])
    value = graph.node(
      "BatchNormalization", [value] + ["weight", "bias", "running_mean", "running_var"].map { "\(name).bn.\($0)" },
      output: "\(name).bn", attributes: [("epsilon", .float(description.architecture.batchNormEpsilon))])
    value =
      description.architecture.activation == .prelu
      ? graph.node("PRelu", [value, "\(name).act.weight"], output: "\(name).act")
      : graph.node("Relu", [value], output: "\(name).act")
    if isPath, description.architecture.hasPathResidual {
      value = graph.node("Add", [value, input], output: "\(name).sum")
    }
    guard let pool = shape.block.pool else { return value }
    // Padded at the end only, and not counted: an odd edge divides by the valid cells.
    let down = shape.output.height * pool.height - shape.input.height
    let right = shape.output.width * pool.width - shape.input.width
    return graph.node(
      "AveragePool", [value], output: "\(name).pool",
      attributes: [
        ("count_include_pad", .integer(0)), ("kernel_shape", .integers([pool.height, pool.width])),
        ("pads", .integers([0, 0, down, right])), ("strides", .integers([pool.height, pool.width])),
      ])
  }
}
