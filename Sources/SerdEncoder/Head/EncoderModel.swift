import SerdFeatures
import SerdNetwork

/// A model with a pretrained speech encoder in the network's place: encoder, head, and what the file says of them.
package struct EncoderModel: Sendable {
  /// What the file says about the model.
  package var description: ModelDescription
  package let encoder: QuantisedEncoder
  package let head: EncoderHead

  private static let headKey = "head"

  /// - Throws: `ModelFileError` that says what cannot be run.
  package init(
    description: ModelDescription, encoder: QuantisedEncoder, head: EncoderHead
  ) throws(ModelFileError) {
    self.description = description
    self.encoder = encoder
    self.head = head
    let defect =
      description.defect() ?? (description.hasEncoder ? nil : "it has a Light-SERNet, too")
      ?? head.defect(shape: encoder.shape, classes: description.labels.count) ?? costDefect()
    if let defect { throw ModelFileError("the model cannot be run: \(defect)") }
  }

  /// Frames of the encoder's front end in a window.
  package var windowFrames: Int { LogMel.frames(inSamples: description.windowSamples) }

  /// A small file can ask for minutes: that is refused.
  private func costDefect() -> String? {
    let (cost, most) = (encoder.shape.multiplyAdds(frames: windowFrames), 8_000_000_000)
    return cost <= most
      ? nil : "a window costs \(cost / 1_000_000) million multiply-adds; at most \(most / 1_000_000) are run"
  }

  /// Reads a model from a file's bytes: every length, shape, scale and bound is checked, and the checksum.
  package init(parsing bytes: [UInt8]) throws(ModelFileError) {
    try self.init(Safetensors(parsing: bytes))
  }

  /// Takes a model out of a file.
  package init(_ file: Safetensors) throws(ModelFileError) {
    let description = try ModelDescription(metadata: file.metadata)
    guard description.hasEncoder, file.metadata[QuantisedEncoder.metadataKey] != nil else {
      throw ModelFileError("this model has no speech encoder")
    }
    try file.verify(checksumRequired: true)
    let encoder = try QuantisedEncoder(from: file)
    let (inputs, classes) = (2 * encoder.shape.width, description.labels.count)
    let head = EncoderHead(
      settings: try file.decoded(Self.headKey),
      standardisation: Standardisation(
        mean: try file.floats("head.mean", shape: [inputs]),
        reciprocalDeviation: try file.floats("head.reciprocal_deviation", shape: [inputs])),
      weights: try file.floats("head.weight", shape: [classes, inputs]),
      biases: try file.floats("head.bias", shape: [classes]))
    try self.init(description: description, encoder: encoder, head: head)
  }

  /// The model file's bytes; the same model gives the same bytes.
  package func serialised() -> [UInt8] {
    var file = Safetensors(metadata: description.metadata())
    encoder.store(in: &file)
    file.encode(Self.headKey, head.settings)
    file.set("head.mean", shape: [head.inputs], floats: head.standardisation.mean)
    file.set("head.reciprocal_deviation", shape: [head.inputs], floats: head.standardisation.reciprocalDeviation)
    file.set("head.weight", shape: [head.biases.count, head.inputs], floats: head.weights)
    file.set("head.bias", shape: [head.biases.count], floats: head.biases)
    return file.sealed()
  }
}
