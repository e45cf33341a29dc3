import SerdEncoder
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// The part of a bench that depends on what the model hears with.
enum BenchNetwork {
  /// One-shot, and what serves when listening.
  case lightSERNet(Int8Network, IncrementalNetwork)
  case encoder(EncoderClassifier, TransformKind)

  init(_ model: Model, instructionSet: InstructionSet, transform: TransformKind) {
    switch model {
    case .lightSERNet(let model):
      self = .lightSERNet(
        Int8Network(model: model, instructionSet: instructionSet),
        IncrementalNetwork(model: model, instructionSet: instructionSet))
    case .encoder(let model):
      self = .encoder(EncoderClassifier(model, instructionSet: instructionSet), transform)
    }
  }

  /// What serves when listening.
  var serving: any WindowClassifier {
    switch self {
    case .lightSERNet(_, let incremental): incremental
    case .encoder(let classifier, _): classifier
    }
  }

  /// Of what serves.
  var memory: BenchReport.Memory {
    switch self {
    case .lightSERNet(_, let incremental):
      BenchReport.Memory(activations: incremental.arenaByteCount, weights: incremental.weightByteCount)
    case .encoder(let classifier, _):
      BenchReport.Memory(activations: classifier.arenaByteCount, weights: classifier.weightByteCount)
    }
  }

  /// Times its stages, then all of it. `frames` are those of `sound`.
  func time(frames: [Float], sound: [Float], on clock: inout BenchClock) {
    switch self {
    case .lightSERNet(let network, let incremental):
      timeStages(of: network, frames: frames, on: &clock)
      let multiplyAdds = network.description.layerShapes.reduce(0) { $0 + $1.multiplyAddsInside }
      let window = WindowHop(classifier: network, frames: frames)
      clock.time("a window from scratch", .total, multiplyAdds: multiplyAdds) { window.next() }
      let hop = WindowHop(classifier: incremental, frames: frames)
      clock.time("a hop on, from the window before", .total) { hop.next() }
    case .encoder(let classifier, let transform):
      timeStages(of: classifier, transform: transform, sound: sound, on: &clock)
    }
  }

  private func timeStages(of network: Int8Network, frames: [Float], on clock: inout BenchClock) {
    let description = network.description
    var logits = [Float](repeating: 0, count: description.labels.count)
    frames.withUnsafeBufferPointer { frames in
      let window = FeatureWindow(of: frames, at: 0, for: description)
      _ = clock.time("gain, clip, to int8", .network) { network.quantise(window) }
    }
    for (index, shape) in description.layerShapes.enumerated() {
      let kernel = "\(shape.block.kernel.height)×\(shape.block.kernel.width)"
      let name = "\(shape.name): \(kernel), \(shape.inputChannels) → \(shape.block.channels)"
      clock.time(name, .network, multiplyAdds: shape.multiplyAddsInside) { network.run(layer: index) }
    }
    clock.time("dense, softmax", .network) {
      network.runHead(into: &logits)
      Softmax.apply(&logits)
    }
  }

  private func timeStages(
    of classifier: EncoderClassifier, transform: TransformKind, sound: [Float], on clock: inout BenchClock
  ) {
    let description = classifier.description
    let stream = LogMelStream(windowSamples: description.windowSamples, transform: transform)
    let block = description.frontEnd.hop
    sound.withUnsafeBufferPointer { sound in
      let start = sound.baseAddress!
      for first in stride(from: 0, to: sound.count - block, by: block) { stream.hear(start + first, count: block) }
      clock.time("a hop's log-mel frames", .frontEnd) {
        for first in 0..<description.hopFrames { stream.hear(start + first * block, count: block) }
      }
    }
    let mel = stream.window
    clock.time("the encoder, a window", .network, multiplyAdds: classifier.multiplyAdds) { classifier.pool(mel) }
  }
}
