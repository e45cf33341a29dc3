import SerdFeatures
import SerdNetwork

/// Int8 models with random weights, for tests of the arithmetic and of the file format.
package enum TestModels {
  /// What the weights and scales are drawn from.
  package enum Content: Sendable {
    /// Weights over their whole range, scales that keep activations in use.
    case random
    /// All weights at ±127, zero points at the ends of their range.
    case extreme
  }

  /// Labels of EMO-DB.
  package static let labels = ["anger", "boredom", "disgust", "fear", "happiness", "sadness", "neutral"]

  /// Of a model that nobody trained.
  package static let provenance = Provenance(
    corpora: [], terms: "none", recipe: "random", seed: 1, revision: "", command: "")

  /// A narrow network: paths of 16 channels, bodies of 16, 16, 32, 32, 48.
  package static func narrow(_ activation: NetworkArchitecture.Activation) -> NetworkArchitecture {
    NetworkArchitecture(
      name: "narrow-\(activation.rawValue)", activation: activation, hasPathResidual: activation == .prelu,
      pathChannels: 16, bodyChannels: [16, 16, 32, 32, 48])
  }

  /// A model that passes all checks.
  package static func quantised(
    _ architecture: NetworkArchitecture, windowFrames: Int = 37, content: Content = .random, seed: UInt64 = 1,
    frontEnd: FrontEndSettings = .report
  ) throws -> QuantisedModel {
    var generator = TestGenerator(seed: seed)
    let description = ModelDescription(
      name: "test", architecture: architecture, frontEnd: frontEnd, windowFrames: windowFrames, labels: labels,
      provenance: Provenance(corpora: [], terms: "none", recipe: "random", seed: seed, revision: "", command: ""))
    func zeroPoint() -> Int {
      if content == .extreme { return [-128, 127].randomElement(using: &generator)! }
      return architecture.activation == .relu ? -128 : Int.random(in: -60...60, using: &generator)
    }
    let activations = QuantisedModel.Activations(
      input: QuantisedModel.inputActivation(clip: description.frontEnd.clip),
      paths: QuantisedModel.Activation(scale: 0.05, zeroPoint: zeroPoint()),
      body: architecture.body.map { _ in QuantisedModel.Activation(scale: 0.05, zeroPoint: zeroPoint()) })
    func weights(inputs: Int, outputs: Int, slopes: Bool) -> QuantisedModel.Weights {
      let values = (0..<inputs * outputs).map { _ in
        content == .extreme
          ? [-127, 127].randomElement(using: &generator)! : Int8.random(in: -127...127, using: &generator)
      }
      // Sums of n random products grow with √n; this keeps the outputs as large as the inputs.
      let scale = 1.5 / (75 * Float(inputs).squareRoot())
      return QuantisedModel.Weights(
        values: values, scales: (0..<outputs).map { _ in scale * Float.random(in: 0.5...2, using: &generator) },
        biases: (0..<outputs).map { _ in Int32.random(in: -20000...20000, using: &generator) },
        slopes: slopes ? (0..<outputs).map { _ in Float.random(in: -0.5...1.5, using: &generator) } : [])
    }
    let layers = description.layerShapes.map { shape in
      weights(
        inputs: shape.inputChannels * shape.block.kernel.count, outputs: shape.block.channels,
        slopes: architecture.activation == .prelu)
    }
    return try QuantisedModel(
      description: description, activations: activations, layers: layers,
      head: weights(inputs: architecture.pooledChannels, outputs: labels.count, slopes: false))
  }
}
