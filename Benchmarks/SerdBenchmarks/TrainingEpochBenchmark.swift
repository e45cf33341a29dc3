import SerdNetwork
import SerdTraining

/// Seconds per training epoch on random data of EMO-DB's shape (486 clips of 2 s, 122 × 40, 7 classes, batch 32), the
/// median of a few epochs, and the share of the matrix-product peak that this is, measured in the same run.
///
/// GFLOP/s count three times the forward multiply-adds of the network's definition, two operations each.
func trainingEpochBenchmark(epochs: Int = 3) {
  let (clips, batchSize, frames, coefficients, classes) = (486, 32, 122, 40, 7)
  let peak = MatrixPeak.gigaflops()
  print("training epoch, \(clips) clips, batch \(batchSize), OpenBLAS kernels \(OpenBLASCore.current)")
  print("  matrix product peak, 1 thread: \(Int(peak)) GFLOP/s")
  var generator = SeededGenerator(seed: 1)
  let inputs = (0..<clips * frames * coefficients).map { _ in max(-10, min(10, 3 * generator.gaussian())) }
  for architecture in [NetworkArchitecture.paper, .report] {
    for threads in [1, 2] {
      let network = TrainableNetwork(
        architecture: architecture, frames: frames, coefficients: coefficients, classes: classes, seed: 1,
        threads: threads)
      var optimiser = Adam(count: network.parameters.count, weightDecay: .l2(1e-6))
      let clock = ContinuousClock()
      var seconds: [Double] = []
      for _ in 0...epochs {
        let time = clock.measure {
          for first in stride(from: 0, to: clips, by: batchSize) {
            let count = min(batchSize, clips - first)
            let logits = inputs.withUnsafeBufferPointer {
              network.forward($0.baseAddress! + first * frames * coefficients, count: count, training: true)
            }
            let labels = (first..<first + count).map { $0 % classes }
            let value = Loss.crossEntropy.evaluate(logits: logits, labels: labels, classes: classes)
            network.backward(logitGradients: value.logitGradients)
            optimiser.step(&network.parameters, gradients: network.gradients, learningRate: 1e-3)
          }
        }
        seconds.append(Double(time.components.attoseconds) * 1e-18 + Double(time.components.seconds))
      }
      // The first epoch warms up.
      let median = seconds.dropFirst().sorted()[epochs / 2]
      let multiplyAdds = architecture.multiplyAdds(frames: frames, coefficients: coefficients, classes: classes)
      let speed = Double(clips * 3 * 2 * multiplyAdds) / median * 1e-9
      print(
        "  \(architecture.name), \(threads) thread(s): \((median * 1000).rounded() / 1000) s,",
        "\(Int(speed)) GFLOP/s, \((speed / peak * 100).rounded() / 100) of one thread's peak")
    }
  }
}
