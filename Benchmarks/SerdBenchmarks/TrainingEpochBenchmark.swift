import Foundation
import SerdLearning
import SerdNetwork
import SerdSystem

/// Seconds per training epoch on random data of EMO-DB's shape (486 clips of 2 s, 122 × 40, 7 classes, batch 32), the
/// median of a few epochs, and the share of the matrix-product peak that this is.
///
/// Elapsed and processor time are both printed: on a machine with other work the second is the one to compare. The peak
/// is one thread's, measured before every epoch, so that both see the same clock frequency. GFLOP/s count three
/// times the forward multiply-adds of the network's definition, two operations each, per second of processor time.
func trainingEpochBenchmark(epochs: Int = 3) {
  print("training epoch, \(EpochRun.clips) clips, batch \(EpochRun.batch), OpenBLAS kernels \(OpenBLASCore.current)")
  for architecture in [NetworkArchitecture.paper, .report] {
    for threads in [1, 2] {
      var run = EpochRun(architecture: architecture, threads: threads)
      _ = run.epoch()  // warms up
      var measured: [(peak: Double, elapsed: Double, processor: Double)] = []
      for _ in 0..<epochs {
        let peak = MatrixPeak.gigaflops()
        let time = run.epoch()
        measured.append((peak, time.elapsed, time.processor))
      }
      func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
      let processor = median(measured.map(\.processor))
      let speed = run.operations / processor * 1e-9
      let peak = median(measured.map(\.peak))
      print(
        String(
          format: "  %@, %d thread(s): %.2f s elapsed, %.2f s of processor time, %.0f GFLOP/s, %.2f of the peak %.0f",
          architecture.name, threads, median(measured.map(\.elapsed)), processor, speed, speed / peak, peak))
    }
  }
}

/// An epoch for each line on standard input, with its times, for `compare-training-with-pytorch`, which runs PyTorch in
/// between.
///
/// Arguments: file of inputs (float32, 486 × 122 × 40), `paper` or `report`, threads. Prints elapsed and processor
/// seconds, and the mean loss.
func trainingEpochsOnRequest(_ arguments: [String]) throws {
  guard arguments.count == 3, let threads = Int(arguments[2]), ["paper", "report"].contains(arguments[1]) else {
    throw EpochError(
      .usage, "usage: SerdBenchmarks epochs INPUTS paper|report THREADS", advice: "see docs/benchmarks.md")
  }
  let data = try Data(contentsOf: URL(fileURLWithPath: arguments[0]))
  let inputs = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  guard inputs.count == EpochRun.clips * EpochRun.frames * EpochRun.coefficients else {
    throw EpochError(
      .badData, at: arguments[0], "holds \(inputs.count) values", advice: "let the script write it")
  }
  var run = EpochRun(architecture: arguments[1] == "paper" ? .paper : .report, threads: threads, inputs: inputs)
  while readLine() != nil {
    let time = run.epoch()
    print(time.elapsed, time.processor, run.loss)
    fflush(nil)
  }
}

private typealias EpochError = Explained<EpochRun>

/// A network in training on random clips.
private struct EpochRun {
  static let (clips, batch, frames, coefficients, classes) = (486, 32, 122, 40, 7)
  let network: TrainableNetwork
  var optimiser: Adam
  let inputs: [Float]
  /// Mean of the last epoch's batches.
  var loss = 0.0

  init(architecture: NetworkArchitecture, threads: Int, inputs: [Float]? = nil) {
    network = TrainableNetwork(
      architecture: architecture, frames: Self.frames, coefficients: Self.coefficients, classes: Self.classes,
      seed: 1, threads: threads)
    optimiser = Adam(count: network.parameters.count, weightDecay: .l2(1e-6))
    var generator = SeededGenerator(seed: 1)
    self.inputs =
      inputs
      ?? (0..<Self.clips * Self.frames * Self.coefficients).map { _ in max(-10, min(10, 3 * generator.gaussian())) }
  }

  /// Floating-point operations of an epoch by the network's definition.
  var operations: Double {
    let multiplyAdds = network.architecture.multiplyAdds(
      frames: Self.frames, coefficients: Self.coefficients, classes: Self.classes)
    return Double(6 * Self.clips * multiplyAdds)
  }

  mutating func epoch() -> (elapsed: Double, processor: Double) {
    let (elapsed, processor) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
    let starts = stride(from: 0, to: Self.clips, by: Self.batch)
    loss = 0
    for first in starts {
      let count = min(Self.batch, Self.clips - first)
      let logits = inputs.withUnsafeBufferPointer {
        network.forward(
          $0.baseAddress! + first * Self.frames * Self.coefficients, count: count, training: true)
      }
      let labels = (first..<first + count).map { $0 % Self.classes }
      let value = Loss.crossEntropy.evaluate(logits: logits, labels: labels, classes: Self.classes)
      loss += value.loss / Double(starts.underestimatedCount)
      network.backward(logitGradients: value.logitGradients)
      optimiser.step(&network.parameters, gradients: network.gradients, learningRate: 1e-3)
    }
    return (seconds(CLOCK_MONOTONIC) - elapsed, seconds(CLOCK_PROCESS_CPUTIME_ID) - processor)
  }

  private func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
