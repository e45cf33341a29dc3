/// An exponential moving average of a network's parameters and running statistics (Polyak averaging): the network that
/// is evaluated and shipped is often better as the average of the last steps than as the last step.
///
/// A value, for checkpoints. Cost of an update: one pass over the vectors.
package struct ExponentialMovingAverage: Codable, Equatable, Sendable {
  /// Weight of the past, in [0, 1).
  package let decay: Float
  /// Updates so far.
  package private(set) var updates = 0
  /// Averaged parameters, laid out as the network's.
  package private(set) var parameters: [Float]
  /// Averaged running means and variances.
  package private(set) var runningStatistics: [Float]

  /// Starts with the network as it is.
  package init(of network: TrainableNetwork, decay: Float) {
    precondition((0..<1).contains(decay), "the decay is \(decay), not in [0, 1)")
    self.decay = decay
    parameters = network.parameters
    runningStatistics = network.runningStatistics
  }

  /// Takes up the state of a checkpoint.
  package mutating func restore(updates: Int, parameters: [Float], runningStatistics: [Float]) {
    precondition(parameters.count == self.parameters.count, "the average is of another network")
    self.updates = updates
    self.parameters = parameters
    self.runningStatistics = runningStatistics
  }

  /// Moves the average towards the network.
  ///
  /// Early on the decay is smaller, (1 + n) / (10 + n) after n updates, so that the initial weights are soon forgotten
  /// (as TensorFlow's ExponentialMovingAverage with `num_updates`).
  package mutating func update(from network: TrainableNetwork) {
    let share = 1 - min(decay, Float(1 + updates) / Float(10 + updates))
    updates += 1
    Self.move(&parameters, towards: network.parameters, by: share)
    Self.move(&runningStatistics, towards: network.runningStatistics, by: share)
  }

  /// Makes the network the average.
  package func apply(to network: TrainableNetwork) {
    network.parameters = parameters
    network.runningStatistics = runningStatistics
  }

  private static func move(_ average: inout [Float], towards values: [Float], by share: Float) {
    precondition(average.count == values.count, "the average is of another network")
    average.withUnsafeMutableBufferPointer { a in
      values.withUnsafeBufferPointer { v in
        for i in 0..<a.count { a[i] += share * (v[i] - a[i]) }
      }
    }
  }
}
