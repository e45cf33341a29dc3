import Glibc
import SerdEncoder
import SerdFeatures
import SerdNetwork
import SerdTestKit
import Testing

@Suite struct EncoderClassifierTests {
  /// What a classifier says of these frames.
  private func answer(
    _ classifier: EncoderClassifier, _ frames: [Float], gainStep: Int = 0, speaker: FollowedSpeaker? = nil
  ) -> [Float] {
    var probabilities = [Float](repeating: 0, count: classifier.description.labels.count)
    frames.withUnsafeBufferPointer { frames in
      var window = FeatureWindow(
        firstFrame: 0, frameCount: 122, coefficientCount: 40, coefficients: frames.baseAddress!, level: 0,
        gainStep: gainStep)
      window.logMel = FeatureWindow.LogMelFrames(
        values: frames.baseAddress!, count: frames.count / EncoderShape.bands)
      window.speaker = speaker
      classifier.classify(window, into: &probabilities)
    }
    return probabilities
  }

  /// The same in double precision, from the reference encoder.
  private func expected(_ model: EncoderModel, _ frames: [Float], offset: Float = 0) -> [Double] {
    let pooled = Int8ReferenceEncoder(model.encoder).pooled(frames, offset: offset)
    let head = model.head
    let input = (0..<head.inputs).map { i in
      head.settings.blocks.reduce(0.0) { $0 + Double(pooled[$1 * head.inputs + i]) }
        / Double(head.settings.blocks.count)
    }
    let logits = head.biases.indices.map { label -> Double in
      let products = (0..<head.inputs).map { i in
        (input[i] - Double(head.standardisation.mean[i])) * Double(head.standardisation.reciprocalDeviation[i])
          * Double(head.weights[label * head.inputs + i])
      }
      return (products.reduce(0, +) + Double(head.biases[label])) / Double(model.description.softmaxTemperature)
    }
    let exponentials = logits.map { exp($0 - logits.max()!) }
    return exponentials.map { $0 / exponentials.reduce(0, +) }
  }

  @Test(
    "The answer is that of the reference encoder, the head and the temperature, for one block and for a mean of two")
  func reference() throws {
    for blocks in [[1], [0, 1]] {
      var model = try EncoderModel.random(headBlocks: blocks)
      model.description.temperature = 1.7
      let frames = randomFrames(198, seed: 3)
      for step in [0, 9] {
        let got = answer(EncoderClassifier(model), frames, gainStep: step)
        let wanted = expected(model, frames, offset: 0.15 * Float(step))
        #expect(zip(got, wanted).allSatisfy { abs(Double($0) - $1) < 1e-4 }, "\(got) \(wanted)")
      }
    }
  }

  @Test("Every instruction set of this machine gives the same bits")
  func sameBits() throws {
    let model = try EncoderModel.random()
    let frames = randomFrames(197, seed: 5)
    let answers = InstructionSet.available.map { answer(EncoderClassifier(model, instructionSet: $0), frames) }
    #expect(Set(answers.map { $0.map(\.bitPattern) }).count == 1)
  }

  @Test("A model that follows has a memory of the speaker, which moves its answers; another has none")
  func following() throws {
    let classifier = EncoderClassifier(try EncoderModel.random(following: SpeakerFollowing()))
    #expect(EncoderClassifier(try EncoderModel.random()).makeMemory() == nil)
    let speaker = try #require(classifier.makeMemory() as? FollowedSpeaker)
    let frames = randomFrames(198, seed: 7)
    let alone = answer(classifier, frames)
    let first = answer(classifier, frames, speaker: speaker)
    for seed in 10..<20 { _ = answer(classifier, randomFrames(198, seed: UInt64(seed)), speaker: speaker) }
    let later = answer(classifier, frames, speaker: speaker)
    #expect(first != alone && later != first)
  }
}
