import SerdEncoder
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdSystem
import SerdTestKit
import Testing

/// A recording whose windows several threads classify.
@Suite struct ClassifierCrewTests {
  private struct Refusal: Error {}

  /// Voices and silence, so that batches have gaps and other gain steps.
  private static let sound: [Float] = (0..<6).flatMap { part in
    let voice = SyntheticCorpus.voice(pitch: 110 + 20 * Float(part), rate: 6, seconds: 17)
    return voice.map { $0 / Float(1 + 3 * (part % 3)) } + [Float](repeating: 0, count: 40_000)
  }

  private func model(adapts: Bool) throws -> QuantisedModel {
    var frontEnd = FrontEndSettings.report
    if adapts {
      frontEnd.standardisation = Standardisation(
        mean: Array(repeating: 0, count: 40), reciprocalDeviation: Array(repeating: 0.5, count: 40))
      frontEnd.adaptation = SpeakerAdaptation()
    }
    return try TestModels.quantised(TestModels.narrow(.relu), windowFrames: 122, frontEnd: frontEnd)
  }

  private func windows(_ model: QuantisedModel, crew: ClassifierCrew?) throws -> (FileResult, [WindowResult]) {
    var windows: [WindowResult] = []
    let classifier = FileClassifier(classifier: model.makeClassifier(), transform: .portable, crew: crew)
    let source = FileClassifierTests.MemorySource(Self.sound)
    let result = try classifier.classify(source) { windows.append($0) }
    return (result, windows)
  }

  @Test(
    "With helpers the windows and the answer are those of one thread, to the bit",
    arguments: [false, true], [0, 1, 3])
  func sameBits(adapts: Bool, helpers: Int) throws {
    let model = try model(adapts: adapts)
    let alone = try windows(model, crew: nil)
    let crew = ClassifierCrew(helpers: helpers) { model.makeClassifier() }
    defer { crew.close() }
    let together = try windows(model, crew: crew)
    #expect(together.1 == alone.1 && together.0 == alone.0)
    #expect(alone.1.count > 3 * 64 && alone.1.contains { $0.probabilities == nil })
    let second = try windows(model, crew: crew)
    #expect(second.1 == alone.1, "a crew's classifiers meet another recording")
  }

  @Test("A speech encoder's windows are shared, too, unless it follows the speaker", arguments: [false, true])
  func encoder(follows: Bool) throws {
    let model = Model.encoder(try EncoderModel.random(following: follows ? SpeakerFollowing() : nil))
    let sound = Array(Self.sound[..<240_000])
    func windows(_ crew: ClassifierCrew?) throws -> [WindowResult] {
      var windows: [WindowResult] = []
      let classifier = FileClassifier(classifier: model.makeClassifier(), transform: .portable, crew: crew)
      _ = try classifier.classify(FileClassifierTests.MemorySource(sound)) { windows.append($0) }
      return windows
    }
    let crew = ClassifierCrew(helpers: 2) { model.makeClassifier() }
    defer { crew.close() }
    let alone = try windows(nil)
    #expect(try windows(crew) == alone)
    #expect(alone.count > 20 && Set(alone.map(\.probabilities)).count > 20)
  }

  @Test("An error of whoever takes the windows ends the recording, and the crew goes on with the next")
  func errorOfTheTaker() throws {
    let model = try model(adapts: false)
    let crew = ClassifierCrew(helpers: 2) { model.makeClassifier() }
    defer { crew.close() }
    let classifier = FileClassifier(classifier: model.makeClassifier(), transform: .portable, crew: crew)
    #expect(throws: Refusal.self) {
      _ = try classifier.classify(FileClassifierTests.MemorySource(Self.sound)) { _ in throw Refusal() }
    }
    #expect(try windows(model, crew: crew).1 == windows(model, crew: nil).1)
  }

  @Test("A guest helps until it is over, and not longer")
  func guests() throws {
    let model = try model(adapts: false)
    let crew = ClassifierCrew(helpers: 0, guests: 1) { model.makeClassifier() }
    let isOver = Monitor(false)
    let guest = try WorkThread(name: "guest") {
      let classifier = model.makeClassifier()
      crew.help(with: { classifier }, until: { isOver.change { $0 } })
    }
    let together = try windows(model, crew: crew).1
    isOver.change { $0 = true }
    crew.wakeUp()
    guest.join()
    #expect(try together == windows(model, crew: nil).1)
  }
}
