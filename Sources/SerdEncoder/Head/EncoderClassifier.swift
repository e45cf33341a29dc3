import SerdFeatures
import SerdNetwork

/// Classifies windows by the int8 encoder and a head. It holds its own packed copy of the encoder, so the model can go.
///
/// Classifying allocates nothing. Not safe to share between threads.
package final class EncoderClassifier: WindowClassifier {
  package let description: ModelDescription
  private let encoder: Int8Encoder
  private let head: EncoderHead
  private let pooled: AlignedMemory
  private let input: AlignedMemory

  /// Bytes of all activations.
  package var arenaByteCount: Int { encoder.arenaByteCount }
  /// Bytes of the packed weights and their tables.
  package var weightByteCount: Int { encoder.weightByteCount + head.weights.count * MemoryLayout<Float>.stride }
  /// Multiply-adds of a window.
  package var multiplyAdds: Int { encoder.shape.multiplyAdds(frames: encoder.frames) }

  /// Packs the encoder's weights.
  package init(_ model: EncoderModel, instructionSet: InstructionSet = .best) {
    description = model.description
    encoder = Int8Encoder(model.encoder, frames: model.windowFrames, instructionSet: instructionSet)
    head = model.head
    pooled = AlignedMemory(byteCount: encoder.shape.pooledCount * MemoryLayout<Float>.stride)
    input = AlignedMemory(byteCount: head.inputs * MemoryLayout<Float>.stride)
  }

  package func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
    guard let mel = window.logMel else { preconditionFailure("a window without log-mel frames given to an encoder") }
    let (pooled, input) = (pooled.values(Float.self), input.values(Float.self))
    let offset = LogMel.offset(gainStep: window.gainStep, level: description.frontEnd.level)
    encoder.pool(mel.values, count: mel.count, offset: offset, into: pooled)
    head.input(of: pooled, shape: encoder.shape, into: input)
    head.apply(input, followed: window.speaker?.hear(input), into: &probabilities)
    Softmax.apply(&probabilities, temperature: description.softmaxTemperature)
  }

  /// The encoder alone, to be timed.
  package func pool(_ mel: FeatureWindow.LogMelFrames) {
    encoder.pool(mel.values, count: mel.count, offset: 0, into: pooled.values(Float.self))
  }

  package func makeMemory() -> (any SpeakerMemory)? {
    head.settings.following.map { FollowedSpeaker(prior: head.standardisation, settings: $0) }
  }
}
