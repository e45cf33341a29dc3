import SerdFeatures
import SerdLearning
import SerdTestKit
import SerdTraining
import Testing

/// Recordings that are given another training speaker's voice.
@Suite struct SpeakerTransferTests {
  private func voices(
    _ tiny: TinyTraining, speakers: [String], share: Double = 1, reach: Float = 1
  ) -> (voices: SpeakerVoices, prior: Standardisation, recordings: [Int]) {
    let recordings = tiny.corpus.recordings.indices.filter { speakers.contains(tiny.corpus.recordings[$0].speaker) }
    let data = tiny.data.at(recordings)
    let prior = data.standardisation
    var settings = SpeakerTransfer()
    settings.share = share
    settings.reach = reach
    let voices = SpeakerVoices(data: data, prior: prior, settings: settings)
    return (voices, prior, recordings)
  }

  /// A speaker's mean, by the definition.
  private func mean(_ tiny: TinyTraining, of speaker: String) -> [Float] {
    var statistics = SpeakerStatistics(settings: tiny.features.frontEnd)
    for index in tiny.corpus.recordings.indices where tiny.corpus.recordings[index].speaker == speaker {
      tiny.features.withWindow(recording: index, version: 0) {
        statistics.add($0, frameCount: tiny.features.frames, newest: tiny.features.frames, c0Offset: 0)
      }
    }
    let prior = Standardisation(
      mean: Array(repeating: 0, count: 40), reciprocalDeviation: Array(repeating: 1, count: 40))
    var values = [Float](repeating: 0, count: 80)
    values.withUnsafeMutableBufferPointer { statistics.write(prior: prior, weight: 0, into: $0.baseAddress!) }
    return Array(values[..<40])
  }

  /// The own mean becomes a value on the way from itself to the other speaker's: both ends come near, nothing lies
  /// beyond.
  @Test("A transferred voice lies on the way from its own speaker's mean to another's, and not beyond")
  func theMeanMovesTowardsTheOtherSpeakers() throws {
    let tiny = try TinyTraining()
    let (voices, prior, recordings) = voices(tiny, speakers: ["03", "10"])
    let own = mean(tiny, of: "03")
    let other = mean(tiny, of: "10")
    var generator = SeededGenerator(seed: 1)
    var ways: [Float] = []
    for _ in 0..<100 {
      let drawn = voices.standardisation(recording: recordings[0], generator: &generator)
      for k in 0..<40 {
        let moved = (own[k] - drawn.mean[k]) * drawn.reciprocalDeviation[k]
        let raw = moved / prior.reciprocalDeviation[k] + prior.mean[k]
        let way = (raw - own[k]) / (other[k] - own[k])
        // Voices hold one frame of the prior, so the ends are not reached to the last digit.
        if abs(other[k] - own[k]) > 0.5 { #expect(way > -0.05 && way < 1.05, "coefficient \(k)") }
        if k == 1 { ways.append(way) }
      }
    }
    let least = ways.min() ?? 1
    let most = ways.max() ?? 0
    #expect(least < 0.1 && most > 0.9)
  }

  @Test("Voices change in their share of samples, and never where there is nobody else")
  func shareAndStrangers() throws {
    let tiny = try TinyTraining()
    var generator = SeededGenerator(seed: 1)
    let never = voices(tiny, speakers: ["03", "10"], share: 0)
    #expect(never.voices.standardisation(recording: never.recordings[0], generator: &generator) == never.prior)
    let alone = voices(tiny, speakers: ["03"])
    #expect(
      alone.voices.standardisation(recording: alone.recordings[0], generator: &generator) == alone.prior,
      "nobody to sound like")
    let half = voices(tiny, speakers: ["03", "08", "10"], share: 0.5)
    var unchanged = 0
    for _ in 0..<400 {
      let drawn = half.voices.standardisation(recording: half.recordings[0], generator: &generator)
      if drawn == half.prior { unchanged += 1 }
    }
    #expect((140...260).contains(unchanged))
  }

  @Test("Training with other speakers' voices is another training, and repeats exactly")
  func trainingWithItIsAnotherAndReproducible() throws {
    let tiny = try TinyTraining()
    var recipe = TinyTraining.recipe
    recipe.augmentation.speakerTransfer = SpeakerTransfer()
    func bytes(_ recipe: Recipe) throws -> [UInt8] {
      let trainer = tiny.trainer(recipe)
      try trainer.run { _ in }
      return try TinyTraining.bytes(trainer)
    }
    let once = try bytes(recipe)
    #expect(try bytes(recipe) == once)
    #expect(try bytes(TinyTraining.recipe) != once)
  }
}
