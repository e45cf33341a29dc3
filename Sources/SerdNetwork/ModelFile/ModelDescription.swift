import FoundationEssentials
import SerdFeatures

/// What a model file says about itself, besides its weights: the safetensors `__metadata__`, one JSON value per key.
package struct ModelDescription: Codable, Equatable, Sendable {
  /// Version of the model format that this code writes and reads.
  package static let currentFormat = 1

  /// What the model is called in output.
  package var name: String
  /// The network, as data.
  package var architecture: NetworkArchitecture
  /// The front end that it was trained with.
  package var frontEnd: FrontEndSettings
  /// Frames per window: 122 for 2 s, 184 for 3 s.
  package var windowFrames: Int
  /// One per output, in order; `happiness`, not `F`.
  package var labels: [String]
  /// Where the model comes from.
  package var provenance: Provenance
  /// What logits are divided by before the softmax, so that confidences say how often they are right (Guo et al. 2017,
  /// arXiv 1706.04599); nil, as in files from before there was one, is 1. It changes no decision.
  package var temperature: Float?
  /// Measured figures by name (`loso.int8.UA` …), as fractions.
  package var evaluation: [String: Double] = [:]

  /// A description without measured figures.
  package init(
    name: String, architecture: NetworkArchitecture, frontEnd: FrontEndSettings, windowFrames: Int, labels: [String],
    provenance: Provenance
  ) {
    self.name = name
    self.architecture = architecture
    self.frontEnd = frontEnd
    self.windowFrames = windowFrames
    self.labels = labels
    self.provenance = provenance
  }

  /// The temperature, 1 if there is none.
  package var softmaxTemperature: Float { temperature ?? 1 }

  /// Samples per window, at 16 kHz.
  package var windowSamples: Int { frontEnd.samples(inFrames: windowFrames) }

  /// Window length in seconds.
  package var windowSeconds: Double { Double(windowSamples) / Double(frontEnd.sampleRate) }

  /// Shapes of all convolution blocks at this model's input size.
  package var layerShapes: [LayerShape] {
    architecture.layerShapes(frames: windowFrames, coefficients: frontEnd.coefficients)
  }
}

/// Where a model comes from: enough to train it again and to know what its licence is.
package struct Provenance: Codable, Equatable, Sendable {
  /// Names of the corpora that it was trained on.
  package var corpora: [String]
  /// Terms that the corpora put on the model.
  package var terms: String
  /// Name of the trainer's recipe.
  package var recipe: String
  /// Seed of the training.
  package var seed: UInt64
  /// Git revision of the trainer.
  package var revision: String
  /// The command that trained it, folders replaced.
  package var command: String

  /// All of it.
  package init(corpora: [String], terms: String, recipe: String, seed: UInt64, revision: String, command: String) {
    self.corpora = corpora
    self.terms = terms
    self.recipe = recipe
    self.seed = seed
    self.revision = revision
    self.command = command
  }
}

extension ModelDescription {
  /// What is wrong with this description, or nil.
  package func defect() -> String? {
    if let defect = architecture.defect() { return "its architecture: \(defect)" }
    if let defect = frontEnd.defect() { return "its front end: \(defect)" }
    guard (8...1024).contains(windowFrames) else { return "its window has \(windowFrames) frames" }
    guard (2...256).contains(labels.count), Set(labels).count == labels.count, labels.allSatisfy({ !$0.isEmpty }) else {
      return "its labels are \(labels)"
    }
    guard Self.temperatures.contains(softmaxTemperature) else { return "its temperature is \(softmaxTemperature)" }
    return costDefect()
  }

  /// A small file can ask for gigabytes and minutes, as a kernel of one cell has few weights: that is refused too.
  private func costDefect() -> String? {
    let shapes = layerShapes
    let multiplyAdds = shapes.reduce(0) { $0 + $1.multiplyAdds }
    guard multiplyAdds <= Self.mostMultiplyAdds else {
      return
        "a window costs \(multiplyAdds / 1_000_000) million multiply-adds; at most \(Self.mostMultiplyAdds / 1_000_000) are run"
    }
    guard shapes.allSatisfy({ $0.input.count * max($0.inputChannels, $0.block.channels) <= Self.largestImage }) else {
      return "a layer has more than \(Self.largestImage >> 20) MiB of activations"
    }
    return nil
  }

  /// What calibration may find. Beyond, all labels are alike or one is certain, whatever is heard.
  package static let temperatures: ClosedRange<Float> = 0.05...20

  /// Some five times what `wide` needs for 3 s, and more than a Raspberry Pi 4 does in a hop.
  static let mostMultiplyAdds = 2_000_000_000
  /// Cells × channels of one layer, some 40 times what `wide` needs for 3 s.
  static let largestImage = 16 << 20

  /// Reads a description from a file's metadata.
  package init(metadata: [String: String]) throws(ModelFileError) {
    guard let format = metadata["format_version"] else {
      throw ModelFileError("this safetensors file holds no serd model (no format_version in its metadata)")
    }
    guard format == String(Self.currentFormat) else {
      throw ModelFileError(
        "the file has format \(format), this serd reads \(Self.currentFormat)", advice: "update serd")
    }
    self = try decodeMetadata("model", metadata)
    if let defect = defect() { throw ModelFileError("the model cannot be run: \(defect)") }
  }

  /// The metadata that says it all.
  package func metadata() -> [String: String] {
    ["format_version": String(Self.currentFormat), "model": encodeMetadata(self)]
  }
}

func decodeMetadata<Value: Decodable>(_ key: String, _ metadata: [String: String]) throws(ModelFileError) -> Value {
  guard let text = metadata[key] else { throw ModelFileError("the metadata has no \"\(key)\"") }
  do {
    return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  } catch {
    throw ModelFileError("the metadata's \"\(key)\" cannot be read")
  }
}

func encodeMetadata(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  // Our metadata is strings, integers and finite numbers: it always encodes.
  return String(decoding: try! encoder.encode(value), as: UTF8.self)
}
