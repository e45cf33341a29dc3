import SerdEncoder
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdTestKit
import Testing

@Suite("The pipeline with a speech encoder") struct EncoderPipelineTests {
  private static let voice = SyntheticCorpus.voice(pitch: 130, rate: 7, seconds: 7)

  /// All windows of a sound, pushed in chunks of a size.
  private func windows(
    _ samples: [Float], _ classifier: any WindowClassifier, chunk: Int = 1000, restartAt: Int? = nil
  ) -> [WindowResult] {
    let pipeline = WindowPipeline(classifier: classifier)
    var results: [WindowResult] = []
    samples.withUnsafeBufferPointer { samples in
      for start in stride(from: 0, to: samples.count, by: chunk) {
        if start == restartAt { pipeline.restart() }
        let end = min(start + chunk, samples.count)
        pipeline.push(UnsafeBufferPointer(rebasing: samples[start..<end])) { results.append($0) }
      }
    }
    pipeline.finish { results.append($0) }
    return results
  }

  @Test("Windows come every 0.48 s, and do not depend on how the samples are cut")
  func hops() throws {
    let model = try EncoderModel.random()
    let results = windows(Self.voice, EncoderClassifier(model))
    #expect(results.count == 12 && results.allSatisfy { $0.probabilities != nil && $0.novelty != nil })
    for (one, next) in zip(results, results.dropFirst()).dropLast() {
      #expect(abs(next.start - one.start - 0.48) < 1e-9)
    }
    for chunk in [1, 77, 4096, Self.voice.count] {
      #expect(windows(Self.voice, EncoderClassifier(model), chunk: chunk) == results)
    }
  }

  @Test("A window's answer is that of its own samples alone, as a clip of 2 s gives it")
  func oneWindow() throws {
    let model = try EncoderModel.random()
    let results = windows(Self.voice, EncoderClassifier(model))
    // The offset's filter remembers 32 ms, and the gain has hysteresis: only nearly.
    for index in [0, 3, 7] {
      let start = index * 7680
      let alone = windows(Array(Self.voice[start..<start + 32_000]), EncoderClassifier(model))
      let pairs = zip(try #require(results[index].probabilities), try #require(alone[0].probabilities))
      #expect(pairs.allSatisfy { abs($0 - $1) < 0.02 })
    }
  }

  @Test("The long hop classifies every second window")
  func longHop() throws {
    let encoder = try EncoderModel.random()
    let light = try Model.lightSERNet(TestModels.quantised(TestModels.narrow(.relu), windowFrames: 122))
    for model in [Model.encoder(encoder), light] {
      #expect(HopChoice.short.seconds(model.description) == model.description.hopSeconds)
      #expect(HopChoice.long.seconds(model.description) == 2 * model.description.hopSeconds)
      func starts(_ hop: HopChoice) -> [Double] {
        let pipeline = WindowPipeline(
          classifier: model.makeClassifier(), hopFrames: hop.frames(model.description))
        var starts: [Double] = []
        Self.voice.withUnsafeBufferPointer { pipeline.push($0) { starts.append($0.start) } }
        return starts
      }
      let short = starts(.short)
      #expect(starts(.long) == stride(from: 0, to: short.count, by: 2).map { short[$0] })
    }
  }

  @Test("No window reaches across a gap")
  func gap() throws {
    let model = try EncoderModel.random()
    let second = Array(Self.voice[56_000...])
    let results = windows(Self.voice, EncoderClassifier(model), restartAt: 56_000)
    let fresh = windows(second, EncoderClassifier(model))
    #expect(results.suffix(fresh.count).map(\.start) == fresh.map(\.start))
    // The gain goes on with the stream, so it may differ by its hysteresis; the first window has the same level.
    #expect(results[results.count - fresh.count].level == fresh[0].level)
  }

  @Test("A model file says itself what it is, and serves as any other")
  func anyModel() throws {
    let encoder = try EncoderModel.random()
    let model = try Model(parsing: encoder.serialised())
    #expect(model.description == encoder.description && model.description.hopSeconds == 0.48)
    let direct = windows(Self.voice, EncoderClassifier(encoder))
    #expect(windows(Self.voice, model.makeClassifier()) == direct)
    #expect(thrown(ModelFileError.self) { try model.lightSERNet() } != nil)
    let light = try Model(parsing: TestModels.quantised(TestModels.narrow(.relu)).serialised())
    #expect(light.description.hopSeconds == 0.512)
    _ = try light.lightSERNet()
  }

  @Test("A model that follows its speaker knows them better with every recording that shares its memory")
  func following() throws {
    let classifier = EncoderClassifier(try EncoderModel.random(following: SpeakerFollowing()))
    let memory = classifier.makeMemory()
    func answer(_ adaptation: (any SpeakerMemory)?) throws -> [Float]? {
      try FileClassifier(classifier: classifier, adaptation: adaptation).classify(
        FileClassifierTests.MemorySource(Self.voice)
      ).probabilities
    }
    let (first, second) = (try answer(memory), try answer(memory))
    #expect(try answer(nil) == first && second != first)
  }
}
