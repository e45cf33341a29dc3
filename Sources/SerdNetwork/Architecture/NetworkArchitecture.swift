/// Light-SERNet as data (Aftab et al., ICASSP 2022, arXiv 2110.03435): which blocks, how wide, which activation.
///
/// The variants `paper`, `report` and `wide` differ in these values only; there is one code path for all of them,
/// in training and in inference. Letters used everywhere: T frames (height, time), K coefficients (width), C channels.
///
/// The network is: every block of `paths` reads the one-channel input [T, K, 1] and the results are concatenated along
/// the channels; `body` blocks (LFLBs) follow one after the other; then a global average pool, dropout (training only)
/// and a dense layer with one output per class. All convolutions have stride 1 and SAME padding; a pool at an odd edge
/// divides by the number of valid cells.
///
/// Not here: weights (`FloatModel`, `QuantisedModel`), input length (`ModelDescription`), or anything about training.
package struct NetworkArchitecture: Codable, Equatable, Sendable {
  /// What follows batch normalisation in every block.
  package enum Activation: String, Codable, Sendable {
    case relu
    /// Leaky with one learned slope per channel (He et al. 2015, arXiv 1502.01852).
    case prelu
  }

  /// A height (along time) and a width (along coefficients), in cells.
  package struct Extent: Codable, Equatable, Sendable {
    /// Cells along time.
    package var height: Int
    /// Cells along coefficients.
    package var width: Int
    /// Height, then width.
    package init(_ height: Int, _ width: Int) {
      self.height = height
      self.width = width
    }
    /// Number of cells.
    package var count: Int { height * width }
  }

  /// Convolution, batch normalisation, activation, average pool.
  package struct Block: Codable, Equatable, Sendable {
    /// Size of the convolution's kernel; both sides odd.
    package var kernel: Extent
    /// Output channels, a multiple of 16 in the shipped variants so that kernels meet no tails.
    package var channels: Int
    /// Average pool, or nil for none.
    package var pool: Extent?
    /// Whether the convolution has a bias of its own (it is redundant before batch norm; the paths have one because the
    /// original does).
    package var hasBias: Bool
    /// A block from its parts.
    package init(kernel: Extent, channels: Int, pool: Extent?, hasBias: Bool) {
      self.kernel = kernel
      self.channels = channels
      self.pool = pool
      self.hasBias = hasBias
    }
  }

  /// The variant's name.
  package var name: String
  /// The activation of every block.
  package var activation: Activation
  /// Whether each path adds its input (one channel, broadcast) after the activation and before the pooling.
  package var hasPathResidual: Bool
  /// Parallel blocks that read the input.
  package var paths: [Block]
  /// Blocks one after the other (LFLBs); the last must not pool.
  package var body: [Block]
  /// Added to the variance in batch normalisation.
  package var batchNormEpsilon: Float = 1e-5

  /// Builds a Light-SERNet of any width: three paths and five LFLBs with the paper's kernels and pools.
  package init(
    name: String, activation: Activation, hasPathResidual: Bool, pathChannels: Int, bodyChannels: [Int]
  ) {
    precondition(bodyChannels.count == 5, "Light-SERNet has five body blocks, not \(bodyChannels.count)")
    self.name = name
    self.activation = activation
    self.hasPathResidual = hasPathResidual
    paths = [Extent(11, 1), Extent(1, 9), Extent(3, 3)].map {
      Block(kernel: $0, channels: pathChannels, pool: Extent(2, 2), hasBias: true)
    }
    let pools: [Extent?] = [Extent(2, 2), Extent(2, 2), Extent(2, 1), Extent(2, 1), nil]
    body = zip(bodyChannels, pools).enumerated().map { index, block in
      Block(kernel: index < 4 ? Extent(3, 3) : Extent(1, 1), channels: block.0, pool: block.1, hasBias: false)
    }
  }

  /// The original TensorFlow network: ReLU, no residual.
  package static let paper = NetworkArchitecture(
    name: "paper", activation: .relu, hasPathResidual: false, pathChannels: 32, bodyChannels: [64, 96, 128, 160, 320])

  /// The later report's network: PReLU everywhere, and the input added in each path.
  package static let report = NetworkArchitecture(
    name: "report", activation: .prelu, hasPathResidual: true, pathChannels: 32, bodyChannels: [64, 96, 128, 160, 320])

  /// `report` with wider bodies, for corpora with more classes. The report gives no numbers; these are ours.
  package static let wide = NetworkArchitecture(
    name: "wide", activation: .prelu, hasPathResidual: true, pathChannels: 48, bodyChannels: [96, 144, 192, 240, 480])

  /// The named variants.
  package static let variants = [paper, report, wide]
}
