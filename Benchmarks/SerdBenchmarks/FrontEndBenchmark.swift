import SerdFeatures
import SerdTestKit

/// The front end alone: µs per frame, and ms per 3 s of sound as a stream is fed, level and gain step included.
///
/// `front-end-peers.py` times numpy + scipy on the same signal.
func frontEndBenchmark() {
  print("front end, one thread, 3 s of harmonics; elapsed median and 90th percentile, and processor time")
  print(row("", ["median", "p90", "processor"]))
  let samples = SyntheticSignal.harmonics.samples(seconds: 3)
  for settings in [FrontEndSettings.report, .paper] {
    let (frame, stream) = (frameTime(settings, samples), streamTime(settings, samples))
    print(
      row(
        "\(settings.name), a frame", [frame.median, frame.p90, frame.processor].map { "\(decimals($0 * 1e6, 2)) µs" }))
    print(
      row("\(settings.name), 3 s", [stream.median, stream.p90, stream.processor].map { "\(decimals($0 * 1e3, 3)) ms" }))
  }
}

/// Seconds per frame, from batches of a hundred frames.
private func frameTime(_ settings: FrontEndSettings, _ samples: [Float]) -> FrameTime {
  let mfcc = MFCC(settings: settings)
  var output = [Float](repeating: 0, count: settings.coefficients)
  let frames = 100
  let times = samples.withUnsafeBufferPointer { samples in
    Repetitions(300) {
      for frame in 0..<frames { mfcc.process(frame: samples.baseAddress! + frame * settings.hop, into: &output) }
    }
  }
  return FrameTime(
    median: times.median / Double(frames), p90: times.p90 / Double(frames), processor: times.processor / Double(frames))
}

private struct FrameTime {
  let median: Double
  let p90: Double
  let processor: Double
}

/// Seconds for a whole clip, pushed in live audio's chunks of a hop, and its window taken. The stream goes on from clip to clip,
/// as a live one does.
func streamTime(_ settings: FrontEndSettings, _ samples: [Float]) -> Repetitions {
  let stream = FeatureStream(mfcc: MFCC(settings: settings), windowFrames: settings.frames(inSamples: samples.count))
  return samples.withUnsafeBufferPointer { samples in
    Repetitions(300) {
      for start in stride(from: 0, to: samples.count, by: settings.hop) {
        let chunk = UnsafeBufferPointer(rebasing: samples[start..<min(start + settings.hop, samples.count)])
        stream.push(chunk) { _ in }
      }
      _ = stream.window()
    }
  }
}
