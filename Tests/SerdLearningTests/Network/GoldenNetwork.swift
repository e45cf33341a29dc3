import SerdLearning
import SerdNetwork
import SerdTestKit

/// The golden network of one variant, loaded with PyTorch's parameters, and ways to compare with PyTorch's tensors.
struct GoldenNetwork {
  let golden: Safetensors
  let network: TrainableNetwork
  let inputs: [Float]
  let labels: [Int]

  static let classes = 7
  static let images = 3
  static let layers = (1...3).map { "path\($0)" } + (1...5).map { "body\($0)" } + ["pooled", "logits"]

  init(_ variant: String, threads: Int = 1) throws {
    golden = try Golden.network(variant)
    network = TrainableNetwork(
      architecture: NetworkArchitecture(
        name: variant, activation: variant == "report" ? .prelu : .relu, hasPathResidual: variant == "report",
        pathChannels: 4, bodyChannels: [8, 12, 16, 20, 40]),
      frames: 37, coefficients: 40, classes: Self.classes, seed: 1, dropout: 0, threads: threads)
    inputs = try golden.floats("input", shape: [3, 1, 37, 40])
    labels = try golden.int64s("labels").map(Int.init)
    var tensors: [String: (shape: [Int], values: [Float])] = [:]
    for (name, tensor) in golden.tensors where name.hasPrefix("param.") {
      tensors[String(name.dropFirst("param.".count))] = (tensor.shape, try golden.floats(name))
    }
    try network.load(tensors)
  }

  /// Largest difference between an activation (NHWC) and a golden tensor (NCHW), relative to the tensor's largest
  /// value.
  func activationError(_ layer: String, mode: String) throws -> Float {
    let name = "\(mode).\(layer)"
    let expected = try golden.floats(name)
    let shape = golden.tensors[name]!.shape
    let (channels, pixels) = (shape[1], shape.dropFirst(2).reduce(1, *))
    let actual = network.activation(layer)
    guard actual.count == expected.count else { return .infinity }
    var nchw = [Float](repeating: 0, count: actual.count)
    for n in 0..<shape[0] {
      for c in 0..<channels {
        for p in 0..<pixels { nchw[(n * channels + c) * pixels + p] = actual[(n * pixels + p) * channels + c] }
      }
    }
    return relativeError(nchw, expected)
  }
}

extension TrainableNetwork {
  /// The gradients of the last backward by PyTorch's name, in PyTorch's layout.
  func exportGradients() -> [String: (shape: [Int], values: [Float])] {
    var tensors: [String: (shape: [Int], values: [Float])] = [:]
    for entry in table.entries where !entry.isRunning {
      tensors[entry.name] = (entry.shape, entry.exported(from: gradients))
    }
    return tensors
  }
}
