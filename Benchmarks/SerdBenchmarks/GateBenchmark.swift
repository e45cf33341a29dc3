import SerdDetection
import SerdFeatures
import SerdTestKit

/// The speech gate and the novelty measure alone: µs per frame, µs per window.
func gateBenchmark() {
  print("speech gate and novelty, one thread; elapsed median and 90th percentile, and processor time")
  print(row("", ["median", "p90", "processor"]))
  let cepstra = FeatureStream.frames(of: SyntheticCorpus.voice(pitch: 120, rate: 7, seconds: 3), settings: .report)
  let (count, frames) = (FrontEndSettings.report.coefficients, 122)
  var gate = SpeechGate()
  let novelty = Novelty(
    mean: Array(repeating: 0, count: count), reciprocalDeviation: Array(repeating: 1, count: count))
  cepstra.withUnsafeBufferPointer { cepstra in
    let gateTimes = Repetitions(300) {
      for frame in 0..<frames {
        _ = gate.update(
          level: -20, cepstrum: UnsafeBufferPointer(rebasing: cepstra[frame * count..<(frame + 1) * count]))
      }
    }
    let noveltyTimes = Repetitions(300) { _ = novelty.of(cepstra.baseAddress!, frames: frames, c0Offset: 0) }
    for (name, times, share) in [("gate, a frame", gateTimes, frames), ("novelty, 2 s", noveltyTimes, 1)] {
      let cells = [times.median, times.p90, times.processor].map { "\(decimals($0 * 1e6 / Double(share), 2)) µs" }
      print(row(name, cells))
    }
  }
}
