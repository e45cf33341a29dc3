import SerdAudio
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdTestKit
import Testing

/// The shipped model on real speech, through the whole pipeline: the classifier that serves against the reference.
@Suite(.enabled(if: RealSpeech.folder != nil, Comment(rawValue: RealSpeech.absence)))
struct IncrementalSpeechTests {
  /// Counts the windows that kept rows, and passes them on.
  private final class Counter: WindowClassifier {
    let network: IncrementalNetwork
    private(set) var (whole, kept) = (0, 0)
    init(_ network: IncrementalNetwork) { self.network = network }
    var description: ModelDescription { network.description }
    func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
      network.classify(window, into: &probabilities)
      if network.computedRows[0] == description.rowReuse[0].height { whole += 1 } else { kept += 1 }
    }
  }

  @Test("a long recording gets the reference's answers, and most of its windows keep rows")
  func longRecording() throws {
    let model = try LoadedModel(path: LoadedModel.defaultPath()).model.lightSERNet()
    let files = RealSpeech.files(in: "emodb/wav")
    let names = stride(from: 0, to: files.count, by: files.count / 20).map { files[$0] }
    // Two levels, so that the gain moves; pauses, so that the gate closes.
    var sound: [Float] = []
    for (index, name) in names.enumerated() {
      let gain: Float = index / 5 % 2 == 0 ? 1 : 0.3
      sound += try FileSource(path: name).readAll().map { $0 * gain }
      sound += [Float](repeating: 0, count: index % 4 == 0 ? 40_000 : 3000)
    }
    let counter = Counter(IncrementalNetwork(model: model))
    let (fast, reference) = (windows(of: sound, counter), windows(of: sound, Int8ReferenceNetwork(model: model)))
    #expect(fast.count > 80 && fast == reference)
    #expect(fast.contains { $0.probabilities == nil }, "the gate closes somewhere")
    #expect(
      counter.kept > counter.whole && counter.whole > 1, "\(counter.kept) windows kept rows, \(counter.whole) did not")
  }

  private func windows(of sound: [Float], _ classifier: some WindowClassifier) -> [WindowResult] {
    let pipeline = WindowPipeline(classifier: classifier)
    var results: [WindowResult] = []
    sound.withUnsafeBufferPointer { pipeline.push($0) { results.append($0) } }
    pipeline.finish { results.append($0) }
    return results
  }
}
