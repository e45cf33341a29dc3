import FoundationEssentials
import SerdEncoder
import SerdFeatures
import SerdPipeline

@testable import SerdNetwork

/// A model file as it is; the same with a checksum that fits, as mutations never have one; and, where the input starts
/// like JSON, a model whose description is the input and whose tensors are made to fit. What is accepted must run, and
/// must give the answers of the reference.
@Sendable func fuzzModel(_ input: [UInt8]) {
  if input.first == UInt8(ascii: "{") { return fuzzDescription(input) }
  if let model = try? QuantisedModel(parsing: input) { run(model) }
  guard var file = try? Safetensors(parsing: input) else { return }
  if let model = try? QuantisedModel(parsing: file.sealed()) { run(model) }
  if let model = try? EncoderModel(parsing: file.sealed()) { run(model) }
}

/// One window of noise through an encoder that was accepted: the answer is probabilities.
private func run(_ model: EncoderModel) {
  guard model.encoder.shape.multiplyAdds(frames: model.windowFrames) < 40_000_000 else { return }
  promise(
    (try? EncoderModel(parsing: model.serialised()))?.head == model.head, "a model that was accepted is not read again")
  let classifier = EncoderClassifier(model)
  var probabilities = [Float](repeating: 0, count: model.description.labels.count)
  let pipeline = WindowPipeline(classifier: classifier)
  let noise = (0..<model.description.windowSamples).map { Float($0 &* 7919 % 401) / 401 - 0.5 }
  noise.withUnsafeBufferPointer { pipeline.push($0) { probabilities = $0.probabilities ?? probabilities } }
  promise(probabilities.allSatisfy { $0.isFinite }, "an encoder that was accepted gives no number")
}

/// `{description}` LF `{activations}` LF bytes that become the weights.
private func fuzzDescription(_ input: [UInt8]) {
  let parts = input.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
  guard parts.count == 3, let text = String(validating: parts[0], as: UTF8.self) else { return }
  let metadata = ["format_version": "1", "model": text]
  guard let description = try? ModelDescription(metadata: metadata),
    let scales = String(validating: parts[1], as: UTF8.self),
    let activations = try? JSONDecoder().decode(QuantisedModel.Activations.self, from: Data(scales.utf8))
  else { return }
  let shapes = description.layerShapes
  let weightCount = shapes.reduce(0) { $0 + $1.block.channels * $1.inputChannels * $1.block.kernel.count }
  guard weightCount < 1 << 18 else { return }
  let layers = shapes.map { shape in
    weights(
      parts[2], inputs: shape.inputChannels * shape.block.kernel.count, outputs: shape.block.channels,
      slopes: description.architecture.activation == .prelu)
  }
  let head = weights(
    parts[2], inputs: description.architecture.pooledChannels, outputs: description.labels.count, slopes: false)
  guard
    let model = try? QuantisedModel(description: description, activations: activations, layers: layers, head: head)
  else { return }
  let bytes = model.serialised()
  let again = try? QuantisedModel(parsing: bytes)
  promise(again?.serialised() == bytes, "a model that was accepted is not read again")
  run(model)
}

private func weights(_ bytes: ArraySlice<UInt8>, inputs: Int, outputs: Int, slopes: Bool) -> QuantisedModel.Weights {
  let source = bytes.isEmpty ? [1] : Array(bytes)
  return QuantisedModel.Weights(
    values: (0..<inputs * outputs).map { max(-127, Int8(bitPattern: source[$0 % source.count])) },
    scales: (0..<outputs).map { 0.0001 * (1 + Float(source[$0 % source.count])) },
    biases: (0..<outputs).map { Int32(Int8(bitPattern: source[$0 % source.count])) << (source[0] % 24) },
    slopes: slopes ? (0..<outputs).map { Float(source[$0 % source.count]) / 64 - 1 } : [])
}

/// One window of noise through the front end, then through the reference and through every set of kernels.
private func run(_ model: QuantisedModel) {
  let description = model.description
  let cost = description.layerShapes.reduce(0) { $0 + $1.multiplyAdds }
  guard cost < 4_000_000, description.windowSamples < 1 << 16 else { return }
  let stream = FeatureStream(mfcc: MFCC(settings: description.frontEnd), windowFrames: description.windowFrames)
  let noise = (0..<description.windowSamples).map { (index: Int) -> Float in
    let residue = index &* index &* 7919 % 401
    return Float(residue - 200) / 1000
  }
  noise.withUnsafeBufferPointer { stream.push($0) { _ in } }
  promise(stream.hasWindow, "\(noise.count) samples make no window")
  let window = stream.window()
  func answer(_ classifier: any WindowClassifier) -> [Float] {
    var probabilities = [Float](repeating: 0, count: description.labels.count)
    classifier.classify(window, into: &probabilities)
    return probabilities
  }
  let expected = answer(Int8ReferenceNetwork(model: model))
  promise(expected.allSatisfy { (0...1).contains($0) }, "not probabilities: \(expected)")
  for set in InstructionSet.available {
    promise(answer(Int8Network(model: model, instructionSet: set)) == expected, "\(set) differs from the reference")
  }
}
