import SerdNetwork

extension TrainableNetwork {
  /// Windows of one forward where none is prescribed: enough to fill the matrix products.
  private static let evaluationBatch = 32

  /// The network of a finished model.
  package convenience init(_ model: FloatModel) throws(ModelFileError) {
    let description = model.description
    self.init(
      architecture: description.architecture, frames: description.windowFrames,
      coefficients: description.frontEnd.coefficients, classes: description.labels.count, seed: 0)
    try load(model)
  }

  /// Takes all tensors of a model of the same shape.
  package func load(_ model: FloatModel) throws(ModelFileError) {
    try load(model.tensors.mapValues { ($0.shape, $0.values) })
  }

  /// Logits, windows × classes, of any number of windows, one after the other.
  package func logits(of windows: [Float]) -> [Float] {
    var logits: [Float] = []
    forEachBatch(of: windows) { logits += $0 }
    return logits
  }

  /// Runs the network on windows, some at a time, and calls `body` with the logits of each lot; the activations are
  /// there meanwhile.
  func forEachBatch(of windows: [Float], _ body: (_ logits: [Float]) -> Void) {
    let size = frames * coefficients
    for start in stride(from: 0, to: windows.count / size, by: Self.evaluationBatch) {
      let count = min(Self.evaluationBatch, windows.count / size - start)
      body(forward(Array(windows[start * size..<(start + count) * size]), count: count, training: false))
    }
  }
}
