import Foundation
import SerdFeatures
import SerdTestKit

/// The front end alone, with each transform in turns: µs per part of a frame, per frame and per hop of 32 frames, and
/// per 3 s of sound as a stream is fed, level and gain step included; then the 3 s beside numpy + scipy
/// (`front-end-peers.py`), in turns.
func frontEndBenchmark() {
  let samples = SyntheticSignal.harmonics.samples(seconds: 3)
  samples.withUnsafeBufferPointer { samples in
    for kernels in FrontEndKernels.all {
      print("front end, \(kernels.name), one thread, transforms in turns; median processor time")
      print(row("", TransformKind.allCases.map(\.rawValue)))
      frameParts(kernels, samples)
      for settings in [FrontEndSettings.report, .paper] { hopTimes(settings, kernels, samples) }
    }
  }
  compareWithNumPy(samples)
}

/// A line of the table: `makeBody` gives what is timed for a transform, `count` times over; all transforms take turns.
private func compare(
  _ name: String, per count: Int = 1, _ makeBody: (TransformKind) -> () -> Void
) {
  let contenders = TransformKind.allCases.map { Contest.Contender(name: $0.rawValue, body: makeBody($0)) }
  let times = Contest.run(contenders, turns: 40, repetitions: 20)
  print(row(name, times.map { "\(decimals($0.median / Double(count) * 1e6, 3)) µs" }))
}

/// The parts of a frame, then a whole one, each from batches of a hundred.
private func frameParts(_ kernels: FrontEndKernels, _ samples: UnsafeBufferPointer<Float>) {
  let (settings, frames) = (FrontEndSettings.report, 100)
  let output = UnsafeMutablePointer<Float>.allocate(capacity: settings.coefficients)
  defer { output.deallocate() }
  func compareParts(_ name: String, _ part: @escaping (MFCC, UnsafePointer<Float>) -> Void) {
    compare(name, per: frames) { transform in
      let mfcc = MFCC(settings: settings, transform: transform, kernels: kernels)
      return { for frame in 0..<frames { part(mfcc, samples.baseAddress! + frame * settings.hop) } }
    }
  }
  compareParts("window, spectrum") { $0.transformSpectrum($1) }
  compareParts("mel bands") { mfcc, _ in mfcc.sumBands() }
  // Bands first: a logarithm of a logarithm is not a number.
  compareParts("mel bands, logarithm") { mfcc, _ in
    mfcc.sumBands()
    mfcc.takeLogarithm()
  }
  compareParts("cosine transform") { mfcc, _ in mfcc.transformCosine(into: output) }
  compareParts("a frame") { $0.process(frame: $1, into: output) }
}

/// In a stream with windows of 3 s: a window's call alone, a hop of live audio (32 frames and the window that they
/// complete), 3 s.
private func hopTimes(_ settings: FrontEndSettings, _ kernels: FrontEndKernels, _ samples: UnsafeBufferPointer<Float>) {
  func stream(_ transform: TransformKind) -> FeatureStream {
    let stream = FeatureStream(settings, transform, kernels, windowOf: samples.count)
    stream.push(samples) { _ in }
    return stream
  }
  compare("\(settings.name), window()") { transform in
    let stream = stream(transform)
    return { _ = stream.window() }
  }
  compare("\(settings.name), a hop") { transform in
    let (stream, hopSamples) = (stream(transform), 32 * settings.hop)
    var start = 0
    return {
      stream.push(UnsafeBufferPointer(rebasing: samples[start..<start + hopSamples])) { _ in }
      _ = stream.window()
      start = (start + hopSamples) % (samples.count - hopSamples)
    }
  }
  compare("\(settings.name), 3 s") { transform in
    let stream = stream(transform)
    return { stream.hear(samples) }
  }
}

extension FeatureStream {
  /// With a window of `windowOf` samples.
  fileprivate convenience init(
    _ settings: FrontEndSettings, _ transform: TransformKind, _ kernels: FrontEndKernels, windowOf samples: Int
  ) {
    self.init(
      mfcc: MFCC(settings: settings, transform: transform, kernels: kernels),
      windowFrames: settings.frames(inSamples: samples))
  }

  /// A whole clip, pushed in live audio's chunks of a hop, and its window. The stream goes on from clip to clip, as a
  /// live one does.
  fileprivate func hear(_ samples: UnsafeBufferPointer<Float>) {
    for start in stride(from: 0, to: samples.count, by: settings.hop) {
      let chunk = UnsafeBufferPointer(rebasing: samples[start..<min(start + settings.hop, samples.count)])
      push(chunk) { _ in }
    }
    _ = window()
  }
}

/// Seconds for a whole clip.
func streamTime(
  _ settings: FrontEndSettings, _ samples: [Float], repetitions: Int = 300, transform: TransformKind = .default
) -> Repetitions {
  let stream = FeatureStream(settings, transform, .best, windowOf: samples.count)
  return samples.withUnsafeBufferPointer { samples in Repetitions(repetitions) { stream.hear(samples) } }
}

/// Each transform and numpy + scipy in turns of 20 repetitions, and the ratios of the medians.
private func compareWithNumPy(_ samples: [Float]) {
  guard let peer = numPyPeer() else {
    print("numpy + scipy: not found; pip install numpy scipy, or set SERD_PYTHON to a Python that has them")
    return
  }
  var theirs: [Double] = []
  var ours = TransformKind.allCases.map { _ in [Double]() }
  for _ in 0..<40 {
    guard let time = peer.answer(to: "20").flatMap(Double.init) else { return print("numpy + scipy: the peer stopped") }
    theirs.append(time)
    for (index, transform) in TransformKind.allCases.enumerated() {
      ours[index].append(streamTime(.report, samples, repetitions: 20, transform: transform).median)
    }
  }
  let other = theirs.sorted()[theirs.count / 2]
  print("in turns, 3 s: \(peer.name) \(decimals(other * 1e3, 3)) ms")
  for (transform, times) in zip(TransformKind.allCases, ours) {
    let own = times.sorted()[times.count / 2]
    print("  \(transform): \(decimals(own * 1e3, 3)) ms, ratio \(decimals(own / other, 3)), aim 0.300")
  }
}

/// `front-end-peers.py`, which times itself when told to; nil if it does not start.
private func numPyPeer() -> PeerProcess? {
  let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("front-end-peers.py").path
  return PeerProcess([ProcessInfo.processInfo.environment["SERD_PYTHON"] ?? "python3", script, "--turns"])
}
