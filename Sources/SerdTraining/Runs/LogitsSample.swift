import SerdFeatures
import SerdNetwork

/// Random windows and what a float model answers to them, for other implementations of the network to be held against.
public enum LogitsSample {
  /// A file with `input` [count, 1, T, K], uniform within the model's clip, and `logits` [count, classes].
  ///
  /// - Throws: `ModelFileError` if a logit is not finite, `TrainingError` if the tensors do not fit the architecture.
  public static func file(model: FloatModel, count: Int, seed: UInt64) throws -> Safetensors {
    precondition(count > 0, "a sample needs windows")
    let description = model.description
    let (frames, coefficients) = (description.windowFrames, description.frontEnd.coefficients)
    let network = TrainableNetwork(
      architecture: description.architecture, frames: frames, coefficients: coefficients,
      classes: description.labels.count, seed: 0)
    try network.load(model.tensors.mapValues { ($0.shape, $0.values) })
    var generator = SeededGenerator(seed: seed)
    let clip = description.frontEnd.clip
    let inputs = (0..<count * frames * coefficients).map { _ in clip * (2 * generator.uniform() - 1) }
    let logits = network.forward(inputs, count: count, training: false)
    guard logits.allSatisfy(\.isFinite) else {
      throw ModelFileError("the model's answers are not finite", advice: "train it again")
    }
    var file = Safetensors(metadata: ["model": description.name, "seed": "\(seed)"])
    file.set("input", shape: [count, 1, frames, coefficients], floats: inputs)
    file.set("logits", shape: [count, description.labels.count], floats: logits)
    return file
  }
}
