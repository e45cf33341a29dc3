import SerdFeatures
import SerdNetwork
import SerdTestKit
import Testing

/// Windows whose standardisation follows the speaker: incremental, one-shot and reference inference agree to the bit,
/// across changes.
@Suite struct AdaptedWindowTests {
  @Test(
    "All networks agree to the bit while the standardisation changes, and rows are kept until it does",
    arguments: InstructionSet.available)
  func changesOfTheStandardisationKeepAllAlike(set: InstructionSet) throws {
    let model = try TestModels.quantised(TestModels.narrow(.prelu), windowFrames: 122, seed: 31)
    var settings = model.description.frontEnd
    settings.standardisation = Standardisation(
      mean: Array(repeating: 0, count: 40), reciprocalDeviation: Array(repeating: 0.3, count: 40))
    settings.adaptation = SpeakerAdaptation()
    let running = try #require(RunningStandardisation(settings: settings))
    let classifiers: [any WindowClassifier] = [
      IncrementalNetwork(model: model, instructionSet: set), Int8Network(model: model, instructionSet: set),
      Int8ReferenceNetwork(model: model),
    ]
    let incremental = classifiers[0] as! IncrementalNetwork
    var generator = TestGenerator(seed: 32)
    let hops = 30
    let frames = (0..<(122 + 32 * hops) * 40).map { _ in Float.random(in: -12...12, using: &generator) }
    var (kept, changed, last) = (0, 0, -1)
    frames.withUnsafeBufferPointer { frames in
      for hop in 0..<hops {
        let window = running.hear(
          FeatureWindow(
            firstFrame: hop * 32, frameCount: 122, coefficientCount: 40,
            coefficients: frames.baseAddress! + hop * 32 * 40, level: -20, gainStep: 3), newest: hop == 0 ? 122 : 32)
        let answers = classifiers.map { classifier in
          var probabilities = [Float](repeating: .nan, count: 7)
          classifier.classify(window, into: &probabilities)
          return probabilities.map(\.bitPattern)
        }
        #expect(answers[0] == answers[1] && answers[1] == answers[2], "hop \(hop)")
        let isChanged = window.standardisation!.number != last
        last = window.standardisation!.number
        let isWhole = incremental.computedRows[2] == model.description.rowReuse[2].height
        #expect(isChanged == isWhole, "hop \(hop): rows are kept exactly while the values stay")
        (kept, changed) = (kept + (isWhole ? 0 : 1), changed + (isChanged ? 1 : 0))
      }
    }
    #expect(kept > 10 && changed > 5, "\(kept), \(changed)")
  }

  /// They are not the model's own values.
  @Test("Adapted values take the place of the model's own")
  func theyMatter() throws {
    let model = try TestModels.quantised(TestModels.narrow(.relu), windowFrames: 37, seed: 33)
    let network = Int8Network(model: model)
    let frames = [Float](repeating: 1.5, count: 37 * 40)
    let values = [Float](repeating: 1, count: 40) + [Float](repeating: 2, count: 40)
    func answer(_ values: UnsafePointer<Float>?) -> [Float] {
      var probabilities = [Float](repeating: 0, count: 7)
      frames.withUnsafeBufferPointer {
        var window = FeatureWindow(
          firstFrame: 0, frameCount: 37, coefficientCount: 40, coefficients: $0.baseAddress!, level: 0, gainStep: 0)
        window.standardisation = values.map { FeatureWindow.AdaptedStandardisation(values: $0, number: 1) }
        network.classify(window, into: &probabilities)
      }
      return probabilities
    }
    // (1.5 - 1) · 2 is 1, whereas the model's own is 1.5 as it is.
    values.withUnsafeBufferPointer { #expect(answer($0.baseAddress!) != answer(nil)) }
  }
}
