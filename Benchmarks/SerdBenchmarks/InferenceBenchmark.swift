import SerdFeatures
import SerdLearning
import SerdNetwork
import SerdTestKit

/// The int8 network on one window, one-shot, with random weights: ms, multiply-adds per second, and in the same run the
/// front end's share and the float peak of the machine.
func inferenceBenchmark() throws {
  let peak = MatrixPeak.gigaflops() / 2
  print(
    "int8 inference, one thread, one-shot; sgemm peak \(decimals(peak, 1)) GMAC/s by OpenBLAS kernels \(OpenBLASCore.current)"
  )
  print(row("", ["median", "p90", "processor", "GMAC/s", "of sgemm peak", "front end ÷ it"]))
  for architecture in [NetworkArchitecture.paper, .report] {
    for seconds in [2, 3] {
      let frames = FrontEndSettings.report.frames(inSamples: 16000 * seconds)
      let model = try TestModels.quantised(architecture, windowFrames: frames)
      let frontEnd = streamTime(.report, SyntheticSignal.harmonics.samples(seconds: seconds))
      let multiplyAdds = architecture.multiplyAdds(frames: frames, coefficients: 40, classes: TestModels.labels.count)
      func report(_ name: String, _ classifier: some WindowClassifier) {
        let times = inferenceTime(classifier, frames: frames)
        // Per second of processor time: elapsed time measures the neighbours.
        let speed = Double(multiplyAdds) / times.processor * 1e-9
        let cells = [times.median, times.p90, times.processor].map { "\(decimals($0 * 1e3, 3)) ms" }
        print(
          row(
            "\(name), \(architecture.name), \(seconds) s",
            cells + [decimals(speed, 2), decimals(speed / peak, 3), decimals(frontEnd.processor / times.processor, 4)]))
      }
      report("reference", Int8ReferenceNetwork(model: model))
      for set in InstructionSet.available { report(set.name, Int8Network(model: model, instructionSet: set)) }
    }
  }
}

/// Seconds per window: scaling, quantisation, network, softmax.
private func inferenceTime(_ classifier: some WindowClassifier, frames: Int) -> Repetitions {
  var generator = TestGenerator(seed: 1)
  let coefficients = (0..<frames * 40).map { _ in Float.random(in: -10...10, using: &generator) }
  var probabilities = [Float](repeating: 0, count: TestModels.labels.count)
  return coefficients.withUnsafeBufferPointer { coefficients in
    let window = FeatureWindow(
      firstFrame: 0, frameCount: frames, coefficientCount: 40, coefficients: coefficients.baseAddress!, level: 0,
      gainStep: 0)
    return Repetitions(30) { classifier.classify(window, into: &probabilities) }
  }
}
