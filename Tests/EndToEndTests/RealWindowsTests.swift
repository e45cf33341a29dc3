import SerdAudio
import SerdFeatures
import SerdNetwork
import Testing

/// The shipped model on a recording, window by window as from a microphone, on every instruction set of this processor.
@Suite struct RealWindowsTests {
  @Test("both networks give the reference's probabilities, to the bit", arguments: ["calm", "agitated"])
  func equalsReference(recording: String) throws {
    let model = try QuantisedModel(parsing: ModelFile.bytes(path: OnceTests.root + "/models/emodb.safetensors"))
    let description = model.description
    let source = try FileSource(path: OnceTests.root + "/tools/samples/\(recording).flac")
    let stream = FeatureStream(mfcc: MFCC(settings: description.frontEnd), windowFrames: description.windowFrames)
    let reference = Int8ReferenceNetwork(model: model)
    let classifiers: [any WindowClassifier] = InstructionSet.available.flatMap { set -> [any WindowClassifier] in
      [Int8Network(model: model, instructionSet: set), IncrementalNetwork(model: model, instructionSet: set)]
    }
    func answer(_ classifier: any WindowClassifier, _ window: FeatureWindow) -> [Float] {
      var probabilities = [Float](repeating: .nan, count: description.labels.count)
      classifier.classify(window, into: &probabilities)
      return probabilities
    }
    var windows = 0
    while case let samples = try source.read(32 * description.frontEnd.hop), !samples.isEmpty {
      samples.withUnsafeBufferPointer { stream.push($0) { _ in } }
      guard stream.hasWindow else { continue }
      let window = stream.window()
      let expected = answer(reference, window)
      for classifier in classifiers { #expect(answer(classifier, window) == expected) }
      windows += 1
    }
    #expect(windows > 3)
  }
}
