import FoundationEssentials
import SerdFeatures

/// What a model file says about itself, besides its weights: the safetensors `__metadata__`, one JSON value per key.
package struct ModelDescription: Codable, Equatable, Sendable {
  /// Versions of the model format that this code writes and reads: 1 has a Light-SERNet, 2 a speech encoder.
  package static let formats = 1...2

  /// What the model is called in output.
  package var name: String
  /// The Light-SERNet, as data; nil if the model has a speech encoder in its place.
  package private(set) var network: NetworkArchitecture?
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

  private enum CodingKeys: String, CodingKey {
    case name, frontEnd, windowFrames, labels, provenance, temperature, evaluation
    case network = "architecture"
  }

  /// A description without measured figures.
  package init(
    name: String, architecture: NetworkArchitecture?, frontEnd: FrontEndSettings, windowFrames: Int, labels: [String],
    provenance: Provenance
  ) {
    self.name = name
    network = architecture
    self.frontEnd = frontEnd
    self.windowFrames = windowFrames
    self.labels = labels
    self.provenance = provenance
  }

  /// The Light-SERNet of a model that has one.
  package var architecture: NetworkArchitecture {
    get { network! }
    set { network = newValue }
  }

  /// Whether a speech encoder is in place of the network.
  package var hasEncoder: Bool { network == nil }

  /// The temperature, 1 if there is none.
  package var softmaxTemperature: Float { temperature ?? 1 }

  /// Samples per window, at 16 kHz.
  package var windowSamples: Int { frontEnd.samples(inFrames: windowFrames) }

  /// Window length in seconds.
  package var windowSeconds: Double { Double(windowSamples) / Double(frontEnd.sampleRate) }

  /// Shapes of all convolution blocks at this model's input size.
  package var layerShapes: [LayerShape] {
    network?.layerShapes(frames: windowFrames, coefficients: frontEnd.coefficients) ?? []
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
    if let defect = network?.defect() { return "its architecture: \(defect)" }
    if let defect = frontEnd.defect() { return "its front end: \(defect)" }
    guard (8...1024).contains(windowFrames) else { return "its window has \(windowFrames) frames" }
    guard (2...256).contains(labels.count), Set(labels).count == labels.count, labels.allSatisfy({ !$0.isEmpty }) else {
      return "its labels are \(labels)"
    }
    guard Self.temperatures.contains(softmaxTemperature) else { return "its temperature is \(softmaxTemperature)" }
    return hasEncoder ? nil : costDefect()
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

  /// Reads a description from a model file's bytes.
  package init(parsing bytes: [UInt8]) throws(ModelFileError) {
    try self.init(metadata: Safetensors(parsing: bytes).metadata)
  }

  /// Reads a description from a file's metadata.
  package init(metadata: [String: String]) throws(ModelFileError) {
    guard let format = metadata["format_version"] else {
      throw ModelFileError("this safetensors file holds no serd model (no format_version in its metadata)")
    }
    guard let version = Int(format), Self.formats.contains(version) else {
      throw ModelFileError(
        "the file has format \(format), this serd reads up to \(Self.formats.upperBound)", advice: "update serd")
    }
    self = try decodeMetadata("model", metadata)
    guard hasEncoder == (version == 2) else { throw ModelFileError("its format does not belong to its network") }
    if let defect = defect() { throw ModelFileError("the model cannot be run: \(defect)") }
  }

  /// Frames from one window to the next; with a speech encoder 0.48 s, a whole number of its frames.
  package var hopFrames: Int { hasEncoder ? 30 : Self.networkHopFrames }

  /// 0.512 s: Light-SERNet's total time stride, so that windows a hop apart can share their interior.
  package static let networkHopFrames = 32

  /// Seconds of sound per hop.
  package var hopSeconds: Double { Double(hopFrames * frontEnd.hop) / Double(frontEnd.sampleRate) }

  /// Refuses what is no Light-SERNet, where one is needed.
  func checkNetwork() throws(ModelFileError) {
    guard !hasEncoder else { throw ModelFileError("this model has a speech encoder in place of a Light-SERNet") }
  }

  /// The metadata that says it all.
  package func metadata() -> [String: String] {
    ["format_version": hasEncoder ? "2" : "1", "model": encodeMetadata(self)]
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
