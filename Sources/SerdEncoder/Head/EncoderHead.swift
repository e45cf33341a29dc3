import SerdFeatures
import SerdNetwork

/// Which emotion the pooled values of a window are: a mean over some of the encoder's blocks, standardisation, one
/// dense layer. In float, since it has some thousand weights.
///
/// In the file: `head.mean` and `head.reciprocal_deviation` F32 [inputs], `head.weight` F32 [classes, inputs],
/// `head.bias` F32 [classes]; blocks and following are in the metadata.
package struct EncoderHead: Equatable, Sendable {
  /// What the metadata says of it.
  package struct Settings: Codable, Equatable, Sendable {
    /// Blocks whose pooled values are averaged, from 0.
    package var blocks: [Int]
    /// How the standardisation follows the speaker; nil if it stays that of the training speakers.
    package var following: SpeakerFollowing?

    package init(blocks: [Int], following: SpeakerFollowing? = nil) {
      self.blocks = blocks
      self.following = following
    }
  }

  package var settings: Settings
  /// Of the training speakers.
  package var standardisation: Standardisation
  /// [classes][inputs].
  package var weights: [Float]
  /// One per class.
  package var biases: [Float]

  package init(settings: Settings, standardisation: Standardisation, weights: [Float], biases: [Float]) {
    self.settings = settings
    self.standardisation = standardisation
    self.weights = weights
    self.biases = biases
  }

  /// Values that it takes.
  package var inputs: Int { standardisation.mean.count }

  /// The mean over the head's blocks of what an encoder of this shape pooled. `output` has room for `inputs` values.
  package func input(
    of pooled: UnsafePointer<Float>, shape: EncoderShape, into output: UnsafeMutablePointer<Float>
  ) {
    let count = 2 * shape.width
    let share = 1 / Float(settings.blocks.count)
    for i in 0..<count { output[i] = pooled[settings.blocks[0] * count + i] }
    for block in settings.blocks.dropFirst() {
      for i in 0..<count { output[i] += pooled[block * count + i] }
    }
    for i in 0..<count { output[i] *= share }
  }

  /// Writes one logit per class for `inputs` values.
  ///
  /// - Parameter followed: means, then reciprocal deviations, in place of the head's own.
  package func apply(
    _ input: UnsafePointer<Float>, followed: UnsafePointer<Float>? = nil, into logits: inout [Float]
  ) {
    let count = inputs
    func apply(_ means: UnsafePointer<Float>, _ factors: UnsafePointer<Float>) {
      for label in biases.indices {
        var sum: Float = 0
        for i in 0..<count { sum += (input[i] - means[i]) * factors[i] * weights[label * count + i] }
        logits[label] = sum + biases[label]
      }
    }
    if let followed { return apply(followed, followed + count) }
    standardisation.mean.withUnsafeBufferPointer { means in
      standardisation.reciprocalDeviation.withUnsafeBufferPointer { apply(means.baseAddress!, $0.baseAddress!) }
    }
  }

  /// What cannot be run on an encoder of this shape, or nil.
  func defect(shape: EncoderShape, classes: Int) -> String? {
    guard !settings.blocks.isEmpty, settings.blocks.allSatisfy({ (0..<shape.blocks).contains($0) }) else {
      return "a head of blocks \(settings.blocks) on an encoder of \(shape.blocks)"
    }
    guard inputs == 2 * shape.width, standardisation.reciprocalDeviation.count == inputs,
      weights.count == classes * inputs, biases.count == classes
    else { return "a head of \(weights.count) weights for \(classes) × \(2 * shape.width)" }
    guard standardisation.reciprocalDeviation.allSatisfy({ $0 > 0 && $0 <= 1e6 }),
      (standardisation.mean + weights + biases).allSatisfy({ $0.magnitude <= 1e6 })
    else { return "a value of its head is beyond a million, or a deviation is not positive" }
    return settings.following?.defect()
  }
}
