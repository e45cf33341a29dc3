import SerdAudio
import SerdFeatures
import SerdNetwork
import SerdPipeline
import SerdTestKit
import Testing

/// The shipped model on real windows: every instruction set against the reference, to the bit.
@Suite struct KernelsOnSpeechTests {
  /// Answers with the reference, and compares all others with it.
  final class Comparison: WindowClassifier {
    let model: QuantisedModel
    var description: ModelDescription { model.description }
    private let reference: Int8ReferenceNetwork
    private let networks: [Int8Network]
    private(set) var differences: [String] = []
    private(set) var windows = 0

    init(model: QuantisedModel) {
      self.model = model
      reference = Int8ReferenceNetwork(model: model)
      networks = InstructionSet.available.map { Int8Network(model: model, instructionSet: $0) }
    }

    func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
      reference.classify(window, into: &probabilities)
      var own = probabilities
      for network in networks {
        for i in own.indices { own[i] = .nan }
        network.classify(window, into: &own)
        if own != probabilities { differences.append("\(network.instructionSet.name), window \(windows)") }
      }
      windows += 1
    }
  }

  static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  @Test("all instruction sets agree on speech", arguments: ["agitated", "calm"], [122, 184])
  func speech(sample: String, frames: Int) throws {
    let shipped = try LoadedModel(path: Self.root + "/models/emodb.safetensors").model.lightSERNet()
    var description = shipped.description
    description.windowFrames = frames
    let model = try QuantisedModel(
      description: description, activations: shipped.activations, layers: shipped.layers, head: shipped.head)
    let comparison = Comparison(model: model)
    let source = try FileSource(path: Self.root + "/tools/samples/\(sample).flac")
    _ = try FileClassifier(classifier: comparison).classify(source) { _ in }
    #expect(comparison.windows > 0)
    #expect(comparison.differences.isEmpty)
  }
}
