import Foundation
import SerdFeatures
import SerdTestKit

/// The front end alone: µs per part of a frame, per frame and per hop of 32 frames, ms per 3 s of sound as a stream is fed, level
/// and gain step included; then the 3 s beside numpy + scipy (`front-end-peers.py`), in turns.
func frontEndBenchmark() {
  let samples = SyntheticSignal.harmonics.samples(seconds: 3)
  for kernels in FrontEndKernels.all {
    print("front end, \(kernels.name), one thread; elapsed median and 90th percentile, and processor time")
    print(row("", ["median", "p90", "processor"]))
    frameParts(kernels, samples)
    for settings in [FrontEndSettings.report, .paper] {
      let hop = HopTime(settings, kernels)
      print(microseconds("\(settings.name), window()", hop.window))
      print(microseconds("\(settings.name), a hop", hop.hop))
      print(microseconds("\(settings.name), 3 s", streamTime(settings, samples, kernels: kernels)))
    }
  }
  compareWithNumPy(samples)
}

private func microseconds(_ name: String, _ times: Repetitions, per count: Int = 1) -> String {
  let values = [times.median, times.p90, times.processor]
  return row(name, values.map { "\(decimals($0 / Double(count) * 1e6, 2)) µs" })
}

/// The parts of a frame, then a whole one, each from batches of a hundred.
private func frameParts(_ kernels: FrontEndKernels, _ samples: [Float]) {
  let settings = FrontEndSettings.report
  let mfcc = MFCC(settings: settings, kernels: kernels)
  var output = [Float](repeating: 0, count: settings.coefficients)
  let frames = 100
  samples.withUnsafeBufferPointer { samples in
    func time(_ name: String, _ part: (UnsafePointer<Float>) -> Void) {
      let times = Repetitions(300) {
        for frame in 0..<frames { part(samples.baseAddress! + frame * settings.hop) }
      }
      print(microseconds(name, times, per: frames))
    }
    time("window, spectrum") { mfcc.transformSpectrum($0) }
    time("mel bands") { _ in mfcc.sumBands() }
    // Bands first: a logarithm of a logarithm is not a number.
    time("mel bands, logarithm") { _ in
      mfcc.sumBands()
      mfcc.takeLogarithm()
    }
    time("cosine transform") { _ in mfcc.transformCosine(into: &output) }
    time("a frame") { mfcc.process(frame: $0, into: &output) }
  }
}

/// A hop of live audio in a stream with windows of 3 s: 32 frames and the window that they complete; and that window's call alone.
private struct HopTime {
  let hop: Repetitions
  let window: Repetitions

  init(_ settings: FrontEndSettings, _ kernels: FrontEndKernels) {
    let samples = SyntheticSignal.harmonics.samples(seconds: 3)
    let hopSamples = 32 * settings.hop
    let stream = FeatureStream(
      mfcc: MFCC(settings: settings, kernels: kernels), windowFrames: settings.frames(inSamples: samples.count))
    var start = 0
    (hop, window) = samples.withUnsafeBufferPointer { samples in
      stream.push(samples) { _ in }
      let hop = Repetitions(2000) {
        stream.push(UnsafeBufferPointer(rebasing: samples[start..<start + hopSamples])) { _ in }
        _ = stream.window()
        start = (start + hopSamples) % (samples.count - hopSamples)
      }
      return (hop, Repetitions(2000) { _ = stream.window() })
    }
  }
}

/// Seconds for a whole clip, pushed in live audio's chunks of a hop, and its window taken. The stream goes on from clip to clip,
/// as a live one does.
func streamTime(
  _ settings: FrontEndSettings, _ samples: [Float], repetitions: Int = 300, kernels: FrontEndKernels = .best
) -> Repetitions {
  let stream = FeatureStream(
    mfcc: MFCC(settings: settings, kernels: kernels), windowFrames: settings.frames(inSamples: samples.count))
  return samples.withUnsafeBufferPointer { samples in
    Repetitions(repetitions) {
      for start in stride(from: 0, to: samples.count, by: settings.hop) {
        let chunk = UnsafeBufferPointer(rebasing: samples[start..<min(start + settings.hop, samples.count)])
        stream.push(chunk) { _ in }
      }
      _ = stream.window()
    }
  }
}

/// Ours and numpy + scipy in turns of 20 repetitions, and the ratio of the medians.
private func compareWithNumPy(_ samples: [Float]) {
  guard let peer = NumPyPeer() else {
    print("numpy + scipy: not found; pip install numpy scipy, or set SERD_PYTHON to a Python that has them")
    return
  }
  var (ours, theirs): ([Double], [Double]) = ([], [])
  for _ in 0..<40 {
    guard let time = peer.medianOfTwenty() else { return print("numpy + scipy: the peer stopped") }
    theirs.append(time)
    ours.append(streamTime(.report, samples, repetitions: 20).median)
  }
  let (own, other) = (ours.sorted()[ours.count / 2], theirs.sorted()[theirs.count / 2])
  print("in turns, 3 s: ours \(decimals(own * 1e3, 3)) ms, \(peer.name) \(decimals(other * 1e3, 3)) ms")
  print("ratio \(decimals(own / other, 3)), aim 0.300")
}

/// `front-end-peers.py` as a process that times itself when told to.
private final class NumPyPeer {
  let name: String
  private let process = Process()
  private let (requests, answers) = (Pipe(), Pipe())

  /// Nil if it does not start.
  init?() {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("front-end-peers.py").path
    let python = ProcessInfo.processInfo.environment["SERD_PYTHON"] ?? "python3"
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, script, "--turns"]
    process.standardInput = requests
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil, let name = Self.line(from: answers), !name.isEmpty else { return nil }
    self.name = name
  }

  /// In seconds.
  func medianOfTwenty() -> Double? {
    guard process.isRunning else { return nil }
    requests.fileHandleForWriting.write(Data("20\n".utf8))
    return Self.line(from: answers).flatMap(Double.init)
  }

  /// Up to the next newline; nil at the end.
  private static func line(from pipe: Pipe) -> String? {
    var line = Data()
    while true {
      let byte = pipe.fileHandleForReading.readData(ofLength: 1)
      if byte.isEmpty { return nil }
      if byte == Data("\n".utf8) { return String(data: line, encoding: .utf8) }
      line += byte
    }
  }

  deinit {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
