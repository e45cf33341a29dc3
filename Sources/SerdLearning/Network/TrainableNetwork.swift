import SerdNetwork

/// Light-SERNet in float32, trainable: forward, backward, and flat vectors of parameters and gradients.
///
/// Used as: `forward(batch, count:, training: true)`, a `Loss` on the logits, `backward(logitGradients:)`, an optimiser
/// on `parameters` and `gradients`. Backward overwrites the gradients. The results depend on the seed and the data, not
/// on `threads`, to the bit. Buffers grow with the largest batch; after the first step nothing large is allocated.
///
/// Cost of one training step: three times the network's multiply-adds per image (`NetworkArchitecture.multiplyAdds`) by
/// the definition, of which the 3 × 3 layers do about a third (`WinogradConvolution`).
///
/// Not for the daemon (no int8, needs OpenBLAS), not an optimiser, and not safe to use from two threads at once.
package final class TrainableNetwork {
  /// The network that this one is.
  package let architecture: NetworkArchitecture
  /// Frames of the input, T: its height.
  package let frames: Int
  /// Coefficients per frame of the input, K: its width.
  package let coefficients: Int
  /// Outputs.
  package let classes: Int
  /// Where the named tensors are in the flat vectors.
  package let table: ParameterTable

  /// All trainable values, ordered as in `table`.
  package var parameters: [Float]
  /// Gradient of the loss with respect to `parameters`, from the last `backward`; may be changed before a step.
  package var gradients: [Float]
  /// Running means and variances of the batch norms, ordered as in `table`.
  package var runningStatistics: [Float]

  /// Share of pooled channels that training sets to zero, in [0, 1).
  package var dropout: Float {
    didSet { precondition((0..<1).contains(dropout), "dropout is \(dropout), not in [0, 1)") }
  }
  /// Threads for the layers, at most 4; more are not used. Results do not depend on it.
  package var threads: Int
  /// Where dropout's masks come from. Part of a checkpoint: restoring it continues the same sequence.
  package var generator: SeededGenerator

  /// Whether training uses the running statistics of the batch norms as they are instead of the batch's, and leaves
  /// them alone: for the last epochs, when the network is to learn what it will be in int8.
  package var freezesStatistics = false
  /// Rounding of weights and activations to the int8 grids in every forward, with straight-through gradients; nil for
  /// plain float.
  package var fakeQuantisation: FakeQuantisation? {
    didSet { head.grid = fakeQuantisation?.activations.body.last }
  }
  /// The parameters that the last forward used, rounded; empty without `fakeQuantisation`.
  var roundedParameters: [Float] = []
  /// Where the last forward did not clamp (1) and where it did (0): of the concatenated paths, then of each body block.
  let insides: [Buffer<Float>]

  let paths: [PathStage]
  let body: [BodyStage]
  let head: HeadStage
  /// The concatenated output of the paths, and its gradient.
  let pathOutput: ImageStack
  let pathGradient: ImageStack
  /// The batch of the last forward, which backward needs again.
  let batch = Buffer<Float>()
  var pathWorkspaces: [PathWorkspace] = []
  var bodyWorkspaces: [BodyWorkspace] = []
  var lastForward = LastForward.none

  /// What the buffers hold.
  enum LastForward: Equatable {
    case none
    case evaluation(images: Int)
    case training(images: Int)
    /// After backward: activations can be read, but another backward needs another forward.
    case spent(images: Int)

    var images: Int {
      switch self {
      case .none: 0
      case .evaluation(let images), .training(let images), .spent(let images): images
      }
    }
  }

  /// A network with He-normal weights (fan-in; He et al. 2015, arXiv 1502.01852), biases and offsets 0, gains 1, PReLU
  /// slopes 0.25, running means 0 and variances 1, all drawn from `seed`.
  ///
  /// - Parameters:
  ///   - frames: T, rows of the input.
  ///   - coefficients: K, columns of the input.
  ///   - dropout: share of pooled channels dropped in training, in [0, 1).
  package init(
    architecture: NetworkArchitecture, frames: Int, coefficients: Int, classes: Int, seed: UInt64,
    dropout: Float = 0.3, threads: Int = 1
  ) {
    if let defect = architecture.defect() { preconditionFailure("cannot train this architecture: \(defect)") }
    precondition(frames > 0 && coefficients > 0 && classes > 0, "a network needs frames, coefficients and classes")
    precondition((0..<1).contains(dropout), "dropout is \(dropout), not in [0, 1)")
    self.architecture = architecture
    self.frames = frames
    self.coefficients = coefficients
    self.classes = classes
    self.dropout = dropout
    self.threads = threads
    table = ParameterTable(architecture: architecture, classes: classes)
    generator = SeededGenerator(seed: seed)
    parameters = Array(repeating: 0, count: table.parameterCount)
    gradients = Array(repeating: 0, count: table.parameterCount)
    runningStatistics = Array(repeating: 0, count: table.runningCount)
    OpenBLASCore.useCallingThreadOnly()

    let shapes = architecture.layerShapes(frames: frames, coefficients: coefficients)
    let pathShapes = shapes.prefix(architecture.paths.count)
    let bodyShapes = shapes.dropFirst(architecture.paths.count)
    let margins = bodyShapes.map { $0.block.kernel.height / 2 } + [0]
    func stack(_ shape: LayerShape, _ channels: Int, _ margin: Int) -> ImageStack {
      ImageStack(height: shape.output.height, width: shape.output.width, channels: channels, margin: margin)
    }
    pathOutput = stack(pathShapes[0], architecture.concatenatedChannels, margins[0])
    pathGradient = stack(pathShapes[0], architecture.concatenatedChannels, margins[0])
    var firstChannel = 0
    var paths: [PathStage] = []
    for (shape, block) in zip(pathShapes, table.blocks) {
      paths.append(
        PathStage(
          shape: shape, table: block, firstChannel: firstChannel, hasResidual: architecture.hasPathResidual))
      firstChannel += shape.block.channels
    }
    self.paths = paths
    var (input, inputGradient) = (pathOutput, pathGradient)
    var body: [BodyStage] = []
    for (index, shape) in bodyShapes.enumerated() {
      let output = stack(shape, shape.block.channels, margins[index + 1])
      let outputGradient = stack(shape, shape.block.channels, margins[index + 1])
      body.append(
        BodyStage(
          shape: shape, table: table.blocks[paths.count + index], input: input, output: output,
          inputGradient: inputGradient, outputGradient: outputGradient))
      (input, inputGradient) = (output, outputGradient)
    }
    self.body = body
    insides = bodyShapes.map { _ in Buffer<Float>() }
    head = HeadStage(table: table, classes: classes, input: input, inputGradient: inputGradient)
    initialise()
  }

  private func initialise() {
    for entry in table.entries {
      let isWeight = entry.shape.count > 1
      if isWeight {
        let fanIn = entry.shape.dropFirst().reduce(1, *)
        let deviation = (2 / Float(fanIn)).squareRoot()
        for i in entry.range { parameters[i] = deviation * generator.gaussian() }
      } else if entry.name.hasSuffix("running_var") {
        for i in entry.range { runningStatistics[i] = 1 }
      } else if entry.name.hasSuffix("bn.weight") {
        for i in entry.range { parameters[i] = 1 }
      } else if entry.name.hasSuffix("act.weight") {
        for i in entry.range { parameters[i] = 0.25 }
      }
    }
  }
}
