import SerdFeatures
import SerdTestKit
import Testing

@Suite struct FeatureStreamTests {
  let samples = SyntheticSignal.harmonics.samples(seconds: 3)

  /// Pushes the samples in the given chunk sizes, again and again, and collects the frames.
  private func frames(chunks: [Int], windowFrames: Int = 20) -> (coefficients: [Float], levels: [Float]) {
    let stream = FeatureStream(mfcc: MFCC(settings: .report), windowFrames: windowFrames)
    var coefficients: [Float] = []
    var levels: [Float] = []
    var start = 0
    var turn = 0
    while start < samples.count {
      let end = min(samples.count, start + chunks[turn % chunks.count])
      Array(samples[start..<end]).withUnsafeBufferPointer { chunk in
        stream.push(chunk) { frame in
          #expect(frame.index == levels.count)
          coefficients += UnsafeBufferPointer(start: frame.coefficients, count: 40)
          levels.append(frame.level)
        }
      }
      start = end
      turn += 1
    }
    return (coefficients, levels)
  }

  @Test(
    "It does not matter how the samples are cut",
    arguments: [[1], [255], [256], [257], [1024, 1, 7], [16000], [333, 5000, 12]])
  func anyChunkingGivesTheSameFrames(chunks: [Int]) {
    let whole = frames(chunks: [samples.count])
    let pieces = frames(chunks: chunks)
    #expect(whole.coefficients == pieces.coefficients)
    #expect(whole.levels == pieces.levels)
    #expect(whole.levels.count == 184)
  }

  @Test("Fewer samples than a frame give none")
  func emptyAndShortChunksGiveNoFrame() {
    let stream = FeatureStream(mfcc: MFCC(settings: .report), windowFrames: 4)
    Array(samples[..<1023]).withUnsafeBufferPointer { stream.push($0) { _ in Issue.record("a frame of 1023 samples") } }
    UnsafeBufferPointer<Float>(start: nil, count: 0).withMemoryRebound(to: Float.self) {
      stream.push($0) { _ in Issue.record("a frame of nothing") }
    }
    #expect(!stream.hasWindow)
  }

  @Test("A window is that of the newest frames")
  func windowIsTheNewestFrames() {
    let all = FeatureStream.frames(of: samples, settings: .report)
    let stream = FeatureStream(mfcc: MFCC(settings: .report), windowFrames: 50)
    var seen = 0
    samples.withUnsafeBufferPointer { buffer in
      stream.push(buffer) { frame in
        guard stream.hasWindow, frame.index % 7 == 0 else { return }
        let window = stream.window()
        #expect(window.firstFrame == frame.index - 49)
        let values = UnsafeBufferPointer(start: window.coefficients, count: 50 * 40)
        #expect(values.elementsEqual(all[window.firstFrame * 40..<(frame.index + 1) * 40]))
        seen += 1
      }
    }
    #expect(seen > 15)
  }

  @Test("A frame's level is its root mean square, and -200 dBFS for silence")
  func frameLevelIsItsRMS() {
    let square = (0..<4096).map { Float($0 % 2 == 0 ? 0.5 : -0.5) }
    var settings = FrontEndSettings.report
    settings.offsetMemory = 0
    let stream = FeatureStream(mfcc: MFCC(settings: settings), windowFrames: 1)
    square.withUnsafeBufferPointer { stream.push($0) { #expect(abs($0.level + 6.0206) < 1e-3) } }
    let silent = FeatureStream(mfcc: MFCC(settings: .report), windowFrames: 1)
    [Float](repeating: 0, count: 2048).withUnsafeBufferPointer { silent.push($0) { #expect($0.level == -200) } }
  }
}
