import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdTestKit
import Testing

/// The pipeline with a model that follows its speaker.
@Suite struct AdaptedPipelineTests {
  /// Notes what its windows are standardised by.
  private final class Recorder: WindowClassifier {
    let model: QuantisedModel
    var description: ModelDescription { model.description }
    /// Means of c1 to c39.
    private(set) var means: [[Float]] = []

    init(adapts: Bool = true) throws {
      var frontEnd = FrontEndSettings.report
      frontEnd.standardisation = Standardisation(
        mean: Array(repeating: 0, count: 40), reciprocalDeviation: Array(repeating: 1, count: 40))
      frontEnd.adaptation = adapts ? SpeakerAdaptation() : nil
      model = try TestModels.quantised(TestModels.narrow(.relu), windowFrames: 122, frontEnd: frontEnd)
    }

    func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
      means.append(window.standardisation.map { values in (1..<40).map { values.values[$0] } } ?? [])
    }
  }

  private func push(_ samples: [Float], into pipeline: WindowPipeline) {
    samples.withUnsafeBufferPointer { pipeline.push($0) { _ in } }
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } }

  /// Every frame of the voice is heard once: with a prior of n0 frames, after n frames of a constant mean m the mean is
  /// n m / (n0 + n).
  @Test("A model that follows its speaker hears every frame of a voice once")
  func everyFrameIsHeardOnce() throws {
    let recorder = try Recorder()
    let voice = SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 20)
    push(voice, into: WindowPipeline(classifier: recorder))
    let all = FeatureStream.frames(of: voice, settings: .report)
    var statistics = SpeakerStatistics(settings: .report)
    let frames = 122 + 32 * (recorder.means.count - 1)
    all.withUnsafeBufferPointer {
      statistics.add($0.baseAddress!, frameCount: frames, newest: frames, c0Offset: 0)
    }
    // The last change may be up to a fifth of what was heard ago; a constant voice has nearly the same mean then.
    let own = 1 / (1 + 250 / statistics.frames)
    var whole = [Float](repeating: 0, count: 39)
    for frame in 0..<frames {
      for k in 1..<40 { whole[k - 1] += all[frame * 40 + k] * Float(own) / Float(frames) }
    }
    let last = try #require(recorder.means.last)
    let size = whole.map(abs).reduce(0, +)
    #expect(distance(last, whole) < 0.15 * size, "\(distance(last, whole)) of \(size)")
    #expect(distance(try #require(recorder.means.first), whole) > 0.3 * size, "it had to learn that")
  }

  @Test("What is known of the speaker outlasts a gap, and recordings that share it")
  func whatIsKnownOfTheSpeakerOutlastsAGapAndARecording() throws {
    let recorder = try Recorder()
    let pipeline = WindowPipeline(classifier: recorder)
    push(SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 10), into: pipeline)
    let before = try #require(recorder.means.last)
    pipeline.restart()
    push(SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 2.1), into: pipeline)
    let after = try #require(recorder.means.last)
    let size = before.map(abs).reduce(0, +)
    #expect(distance(before, after) < 0.1 * size, "\(distance(before, after)) of \(size)")

    let shared = try #require(RunningStandardisation(settings: recorder.model.description.frontEnd))
    let files = FileClassifier(classifier: recorder, adaptation: shared)
    let clip = SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 2)
    var means: [[Float]] = []
    for _ in 0..<6 {
      _ = try files.classify(FileClassifierTests.MemorySource(clip))
      means.append(try #require(recorder.means.last))
    }
    #expect(distance(means[0], means[5]) > 0.3 * size, "recordings of one speaker add up")
    _ = try FileClassifier(classifier: recorder).classify(FileClassifierTests.MemorySource(clip))
    #expect(recorder.means.last == means[0], "unless each is to begin anew")
  }

  @Test("A model that does not adapt has its own standardisation")
  func aModelThatDoesNotAdaptHasItsOwnStandardisation() throws {
    let recorder = try Recorder(adapts: false)
    push(SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 3), into: WindowPipeline(classifier: recorder))
    #expect(!recorder.means.isEmpty && recorder.means.allSatisfy(\.isEmpty))
  }
}
