import Glibc
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdTestKit
import Testing

@Suite struct WindowPipelineTests {
  /// Three seconds of a voice, then silence, then the voice again: opens, closes and opens the gate.
  private let samples =
    SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 3) + [Float](repeating: 0, count: 64000)
    + SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 3)

  private func results(chunks: [Int]) throws -> [WindowResult] {
    let pipeline = WindowPipeline(classifier: try StubClassifier())
    var results: [WindowResult] = []
    var (start, turn) = (0, 0)
    while start < samples.count {
      let end = min(samples.count, start + chunks[turn % chunks.count])
      Array(samples[start..<end]).withUnsafeBufferPointer { pipeline.push($0) { results.append($0) } }
      (start, turn) = (end, turn + 1)
    }
    pipeline.finish { results.append($0) }
    return results
  }

  @Test("The chosen transform is the one that hears, after a gap, too", arguments: TransformKind.allCases)
  func transform(kind: TransformKind) throws {
    let classifier = try StubClassifier()
    let pipeline = WindowPipeline(classifier: classifier, transform: kind)
    let settings = classifier.description.frontEnd
    let frames = FeatureStream.frames(of: samples, settings: settings, transform: kind)
    for _ in 0..<2 {
      var speech = 0
      samples.withUnsafeBufferPointer {
        pipeline.push($0) { result in
          guard let probabilities = result.probabilities else { return }
          let middle = Int((result.start * 16000 / 256).rounded()) + 122 / 2
          var expected = probabilities.indices.map { frames[middle * settings.coefficients + $0 + 1] }
          Softmax.apply(&expected)
          #expect(probabilities == expected)
          speech += 1
        }
      }
      #expect(speech > 2)
      pipeline.restart()
    }
  }

  @Test("It does not matter how the samples are cut", arguments: [[1024], [160, 3000, 1], [16000]])
  func anyChunkingGivesTheSameWindows(chunks: [Int]) throws {
    #expect(try results(chunks: chunks) == results(chunks: [samples.count]))
  }

  @Test("A window starts every hop, and the last one ends with the stream")
  func windowsStartEveryHopAndTheLastEndsWithTheStream() throws {
    let starts = try results(chunks: [4096]).map(\.start)
    for (index, start) in starts.dropLast().enumerated() { #expect(abs(start - Double(index) * 0.512) < 1e-9) }
    let frames = (samples.count - 1024) / 256 + 1
    #expect(abs(starts.last! - Double(frames - 122) * 0.016) < 1e-9)
  }

  @Test("Silence between two stretches of speech is not classified")
  func silenceInTheMiddleIsNotClassified() throws {
    let results = try results(chunks: [4096])
    #expect(results.first?.probabilities != nil && results.last?.probabilities != nil)
    #expect(results.contains { $0.probabilities == nil && $0.openShare < 0.3 && $0.level < -100 })
  }

  @Test("A stream that is shorter than a window has none")
  func aStreamShorterThanAWindowHasNone() throws {
    let pipeline = WindowPipeline(classifier: try StubClassifier())
    Array(samples[..<31999]).withUnsafeBufferPointer {
      pipeline.push($0) { _ in Issue.record("a window of 31,999 samples") }
    }
    pipeline.finish { _ in Issue.record("a window of 31,999 samples") }
  }

  /// Loudness changes slowly or in steps; the gain step follows in units of 1.5 dB and not for trifles.
  @Test("Loudness that wobbles by a decibel leaves the gain step as it is")
  func gainStepsAreSeldom() throws {
    let classifier = try StubClassifier()
    let pipeline = WindowPipeline(classifier: classifier)
    let base = SyntheticSignal.chirp.samples(seconds: 3)
    let wobbling = (0..<10).flatMap { turn in base.map { $0 * powf(10, (turn % 2 == 0 ? 0.5 : -0.5) / 20) } }
    wobbling.withUnsafeBufferPointer { pipeline.push($0) { _ in } }
    #expect(classifier.windows.count > 40)
    #expect(Set(classifier.windows.map(\.gainStep)).count == 1)
  }

  /// Sound is missing: windows after it are those of a new stream, and frame indices never come near the old ones.
  @Test("No window reaches across a restart")
  func noWindowReachesAcrossARestart() throws {
    let classifier = try StubClassifier()
    let pipeline = WindowPipeline(classifier: classifier)
    var passes: [[WindowResult]] = []
    for _ in 0..<2 {
      var results: [WindowResult] = []
      samples.withUnsafeBufferPointer { pipeline.push($0) { results.append($0) } }
      passes.append(results)
      pipeline.restart()
    }
    #expect(passes[0].map(\.start) == passes[1].map(\.start))
    let indices = classifier.windows.map(\.firstFrame)
    let breaks = zip(indices, indices.dropFirst()).filter { $1 - $0 > 2 * 122 }
    #expect(indices == indices.sorted() && breaks.count == 1)
  }
}
