import SerdNetwork

/// The ranges of a float model's activations over some windows, from which their int8 grids are made. Give it windows of
/// training speakers only.
struct Calibration {
  /// Least and greatest value.
  struct Range {
    var low: Float = 0
    var high: Float = 0
    /// Whether no value was infinite or not a number; comparisons would pass over the latter.
    var isFinite = true
    mutating func cover(_ values: [Float]) {
      for value in values {
        low = min(low, value)
        high = max(high, value)
        if !value.isFinite { isFinite = false }
      }
    }
    var activation: QuantisedModel.Activation { QuantisedModel.Activation(covering: low, high) }
  }

  /// Of all paths together, since they share one grid.
  private(set) var paths = Range()
  /// Of each body block; the last after the global pool.
  private(set) var body: [Range]

  /// The first block with an activation that is not finite, or nil.
  var defectiveBlock: String? {
    paths.isFinite ? body.firstIndex { !$0.isFinite }.map { "body\($0 + 1)" } : "the paths"
  }

  /// Runs the network in evaluation mode on `inputs` (scaled windows, one after the other).
  init(network: TrainableNetwork, inputs: [Float]) {
    let size = network.frames * network.coefficients
    body = network.architecture.body.map { _ in Range() }
    for start in stride(from: 0, to: inputs.count / size, by: 32) {
      let count = min(32, inputs.count / size - start)
      network.forward(Array(inputs[start * size..<(start + count) * size]), count: count, training: false)
      for path in 1...network.architecture.paths.count { paths.cover(network.activation("path\(path)")) }
      for block in body.indices {
        let isLast = block == body.count - 1
        body[block].cover(network.activation(isLast ? "pooled" : "body\(block + 1)"))
      }
    }
  }
}
