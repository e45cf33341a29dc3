import SerdFeatures
import SerdNetwork

/// Random windows and what a model answers to them, for other implementations of the network to be held against.
package enum LogitsSample {
  /// A file with `input` [count, 1, T, K], uniform within the model's clip, and `logits` [count, classes]: of an int8
  /// model, as serd's integers give them.
  ///
  /// - Throws: `ModelFileError` if a logit is not finite, or the tensors do not fit the architecture.
  package static func file(model: StoredModel, count: Int, seed: UInt64) throws -> Safetensors {
    precondition(count > 0, "a sample needs windows")
    let description = model.description
    let (frames, coefficients) = (description.windowFrames, description.frontEnd.coefficients)
    var generator = SeededGenerator(seed: seed)
    let clip = description.frontEnd.clip
    let inputs = (0..<count * frames * coefficients).map { _ in clip * (2 * generator.uniform() - 1) }
    let logits = try logits(of: model, inputs, count: count)
    guard logits.allSatisfy(\.isFinite) else {
      throw ModelFileError("the model's answers are not finite", advice: "train it again")
    }
    var file = Safetensors(metadata: ["model": description.name, "seed": "\(seed)"])
    file.set("input", shape: [count, 1, frames, coefficients], floats: inputs)
    file.set("logits", shape: [count, description.labels.count], floats: logits)
    return file
  }

  private static func logits(of model: StoredModel, _ inputs: [Float], count: Int) throws -> [Float] {
    switch model {
    case .float(let model):
      return try TrainableNetwork(model).forward(inputs, count: count, training: false)
    case .int8(let model):
      let network = Int8ReferenceNetwork(model: model)
      let size = inputs.count / count
      return (0..<count).flatMap { network.logits(scaledInput: Array(inputs[$0 * size..<($0 + 1) * size])) }
    }
  }
}
