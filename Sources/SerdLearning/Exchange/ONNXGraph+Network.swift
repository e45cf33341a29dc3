import SerdNetwork

/// The parts that the float network and the int8 one have in common.
extension ONNXGraph {
  /// The graph's input: `input` [N, 1, T, K] of `model`, N free.
  mutating func input(of model: ModelDescription) {
    input("input", [.named("N"), .fixed(1), .fixed(model.windowFrames), .fixed(model.frontEnd.coefficients)])
  }

  /// The layers in order: paths side by side, then the body. `block` adds one layer that reads the value named `input`,
  /// and returns its output.
  mutating func layers(
    of model: ModelDescription, input: String,
    _ block: (_ graph: inout ONNXGraph, _ index: Int, _ shape: LayerShape, _ input: String) -> String
  ) -> String {
    let (shapes, pathCount) = (model.layerShapes, model.architecture.paths.count)
    let paths = (0..<pathCount).map { block(&self, $0, shapes[$0], input) }
    var value = paths.count > 1 ? node("Concat", paths, output: "paths", attributes: [("axis", .integer(1))]) : paths[0]
    for index in pathCount..<shapes.count { value = block(&self, index, shapes[index], value) }
    return value
  }

  /// The convolution of `shape`, padded so that the image keeps its size. `parameters`: weights and, if it has one,
  /// bias.
  mutating func convolution(_ shape: LayerShape, input: String, parameters: [String]) -> String {
    let kernel = shape.block.kernel
    let (height, width) = (kernel.height / 2, kernel.width / 2)
    return node(
      "Conv", [input] + parameters, output: "\(shape.name).conv",
      attributes: [
        ("kernel_shape", .integers([kernel.height, kernel.width])),
        ("pads", .integers([height, width, height, width])),
      ])
  }

  /// ReLU or PReLU, and the residual of a path. `slopes`: the weight that holds PReLU's, [channels, 1, 1].
  mutating func activation(
    _ shape: LayerShape, of architecture: NetworkArchitecture, isPath: Bool, value: String, slopes: String,
    residual: String
  ) -> String {
    let active =
      architecture.activation == .prelu
      ? node("PRelu", [value, slopes], output: "\(shape.name).act")
      : node("Relu", [value], output: "\(shape.name).act")
    guard isPath, architecture.hasPathResidual else { return active }
    return node("Add", [active, residual], output: "\(shape.name).sum")
  }

  /// The average pool of `shape`, if it has one. Padded at the end only, and not counted: an odd edge divides by the
  /// valid cells.
  mutating func pool(_ shape: LayerShape, value: String) -> String {
    guard let pool = shape.block.pool else { return value }
    let down = shape.output.height * pool.height - shape.input.height
    let right = shape.output.width * pool.width - shape.input.width
    return node(
      "AveragePool", [value], output: "\(shape.name).pool",
      attributes: [
        ("count_include_pad", .integer(0)), ("kernel_shape", .integers([pool.height, pool.width])),
        ("pads", .integers([0, 0, down, right])), ("strides", .integers([pool.height, pool.width])),
      ])
  }

  /// From the pooled vector to the outputs `logits` and `probabilities` [N, classes], and the file's bytes.
  /// `parameters`: weights and bias of the dense layer.
  mutating func finished(_ model: ModelDescription, vector: String, parameters: [String], metadata: [String: String])
    -> [UInt8]
  {
    var value = node("Gemm", [vector] + parameters, output: "logits", attributes: [("transB", .integer(1))])
    if let temperature = model.temperature {
      weight("temperature", shape: [], [temperature])
      value = node("Div", [value, "temperature"], output: "cooled")
    }
    _ = node("Softmax", [value], output: "probabilities", attributes: [("axis", .integer(1))])
    for name in ["logits", "probabilities"] { output(name, [.named("N"), .fixed(model.labels.count)]) }
    return serialised(name: model.name, metadata: metadata)
  }
}
