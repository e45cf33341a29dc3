import SerdNetwork

/// The ranges of a float model's activations over some windows, from which their int8 grids are made. Give it windows
/// of training speakers only.
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
  }

  /// The extremes of the concatenated paths, which share one grid, then of each body block; the last after the global
  /// pool.
  private(set) var ranges: [Range]
  /// The grids of the same.
  private(set) var grids: [QuantisedModel.Activation] = []

  /// The first block with an activation that is not finite, or nil.
  var defectiveBlock: String? {
    ranges.firstIndex { !$0.isFinite }.map { $0 == 0 ? "the paths" : "body\($0)" }
  }

  /// Runs the network in evaluation mode on `inputs` (scaled windows, one after the other); with `leastError` twice.
  init(network: TrainableNetwork, inputs: [Float], ranges choice: RangeChoice = .extremes) {
    ranges = Array(repeating: Range(), count: network.architecture.body.count + 1)
    Self.forEachActivation(network, inputs) { index, values in ranges[index].cover(values) }
    grids = ranges.map { QuantisedModel.Activation(covering: $0.low, $0.high) }
    guard choice == .leastError, defectiveBlock == nil else { return }
    var histograms = ranges.map { RangeHistogram(low: $0.low, high: $0.high) }
    Self.forEachActivation(network, inputs) { index, values in histograms[index].count(values) }
    grids = histograms.map { $0.bestGrid() }
  }

  private static func forEachActivation(
    _ network: TrainableNetwork, _ inputs: [Float], _ body: (_ index: Int, _ values: [Float]) -> Void
  ) {
    let blocks = network.architecture.body.count
    network.forEachBatch(of: inputs) { _ in
      for path in 1...network.architecture.paths.count { body(0, network.activation("path\(path)")) }
      for block in 1...blocks { body(block, network.activation(block == blocks ? "pooled" : "body\(block)")) }
    }
  }
}
