import CTrainingKernels

/// A 3 × 3 convolution of the body by Winograd's minimal filtering (Lavin and Gray 2015, arXiv 1509.09308).
///
/// Tiles of the input and the kernels are brought to "points", in which a convolution is one matrix product per point
/// (tiles × inputs by inputs × outputs), and the products back to tiles of the output: y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A. A
/// tile of 4 × 2 takes 24 multiplications per pair of channels where the definition takes 72, one of 2 × 2 16 for 36.
/// (4 × 4 would take 36 for 144; with the points 1 and 2 it was too inexact: three steps of Adam in GoldenNetworkTests
/// came out 3.15e-7 from PyTorch's, where 3e-7 is allowed. With today's points, see template_winograd.h, it has not
/// been tried.)
///
/// The gradient with respect to the input is the same convolution of the output's gradient with flipped
/// kernels; that with respect to the weights is the exact transpose, Gᵀ[Σ (Bᵀ d B) ⊙ (A dy Aᵀ)]G.
///
/// Rounding errors are a few times the definition's, the more the larger the tile: TrainingKernelTests holds each kind
/// of tile to its limit. Some tiles at a time, so that points stay in the second-level cache.
package final class WinogradConvolution {
  /// Rows and columns of a tile of the output.
  package struct Tile: Sendable, CustomStringConvertible {
    package var height: Int
    package var width: Int
    package init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }
    /// Matrix products per tile.
    package var points: Int { (height + 2) * (width + 2) }
    package var description: String { "\(height) × \(width)" }
    /// Multiplications per pair of channels for an image.
    package func products(height: Int, width: Int) -> Int { tiles(height: height, width: width) * points }
    /// Tiles that cover an image.
    package func tiles(height: Int, width: Int) -> Int {
      (height + self.height - 1) / self.height * ((width + self.width - 1) / self.width)
    }
  }

  /// The tiles that there are kernels for, in order of their rounding errors.
  package static let tiles = [Tile(2, 2), Tile(4, 2)]

  package let height: Int
  package let width: Int
  package let inputs: Int
  package let outputs: Int
  package let tile: Tile
  private let kernels: serd_training_kernels
  /// Tiles worked on at once.
  private let tilesAtOnce: Int
  private let weightPoints = Buffer<Float>()
  private let flippedPoints = Buffer<Float>()
  private let flipped = Buffer<Float>()

  /// - Parameter tile: nil for the one with the fewest multiplications, the smaller of equals.
  package init(
    height: Int, width: Int, inputs: Int, outputs: Int, tile: Tile? = nil, kernels: TrainingKernels = .best
  ) {
    self.height = height
    self.width = width
    self.inputs = inputs
    self.outputs = outputs
    self.tile =
      tile
      ?? Self.tiles.min { $0.products(height: height, width: width) < $1.products(height: height, width: width) }!
    self.kernels = kernels.table
    // Whole blocks of rows for the products, of 6, 8 or 12.
    let bytes = self.tile.points * (inputs + outputs) * 4
    tilesAtOnce = max(1, Self.cachedBytes / bytes / 24) * 24
    weightPoints.reserve(self.tile.points * inputs * outputs)
    flippedPoints.reserve(self.tile.points * inputs * outputs)
    flipped.reserve(weightCount)
  }

  /// What the points of some tiles may take of the second-level cache.
  private static let cachedBytes = 1 << 20

  private func tiling(_ stack: ImageStack) -> serd_training_tiling {
    serd_training_tiling(
      image_stride: Int64(stack.imageStride), height: Int32(height), width: Int32(width),
      channels: Int32(stack.channels), tile_height: Int32(tile.height))
  }

  private func forEachBlock(images: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    let tiles = images * tile.tiles(height: height, width: width)
    for first in stride(from: 0, to: tiles, by: tilesAtOnce) { body(first, min(tilesAtOnce, tiles - first)) }
  }

  /// Elements from the values of one point to the next.
  private func pointStride(_ tiles: Int, _ channels: Int) -> Int {
    Int(serd_training_point_stride(Int32(tiles), Int32(channels)))
  }

  /// The convolution of some images with the weights in `points`.
  private func apply(
    _ source: ImageStack, _ images: Range<Int>, points: UnsafePointer<Float>, into target: ImageStack,
    _ workspace: BodyWorkspace
  ) {
    var (from, to) = (tiling(source), tiling(target))
    let (left, right) = (workspace.points.base, workspace.otherPoints.base)
    let (depth, columns) = (source.channels, target.channels)
    forEachBlock(images: images.count) { first, count in
      let (leftStride, rightStride) = (pointStride(count, depth), pointStride(count, columns))
      kernels.winograd_input(source.image(images.lowerBound), &from, Int32(first), Int32(count), left)
      for point in 0..<tile.points {
        kernels.product(
          left + point * leftStride, Int64(depth), 1, points + point * depth * columns, Int64(columns),
          right + point * rightStride, Int64(columns), Int32(count), Int32(columns), Int32(depth), 0)
      }
      kernels.winograd_output(right, &to, Int32(first), Int32(count), target.image(images.lowerBound))
    }
  }

  private func bringToPoints(_ weights: UnsafePointer<Float>, _ points: UnsafeMutablePointer<Float>) {
    kernels.winograd_weights(weights, Int32(tile.height), Int32(inputs * outputs), points)
  }
}

extension WinogradConvolution: BodyConvolution {
  package var margin: Int { 0 }
  package var weightCount: Int { 9 * inputs * outputs }

  package func reserve(_ workspace: BodyWorkspace, images: Int) {
    let tiles = min(tilesAtOnce, images * tile.tiles(height: height, width: width))
    let count = tile.points * pointStride(tiles, max(inputs, outputs))
    workspace.points.reserve(count)
    workspace.otherPoints.reserve(count)
    workspace.weightPoints.reserve(tile.points * inputs * outputs)
  }

  package func prepareForward(weights: UnsafePointer<Float>) { bringToPoints(weights, weightPoints.base) }

  package func prepareBackward(weights: UnsafePointer<Float>) {
    RowConvolution(
      height: height, width: width, kernelHeight: 3, kernelWidth: 3, inputs: inputs, outputs: outputs
    ).flip(weights, into: flipped.base)
    bringToPoints(flipped.base, flippedPoints.base)
  }

  package func forward(_ input: ImageStack, _ images: Range<Int>, into output: ImageStack, _ workspace: BodyWorkspace) {
    apply(input, images, points: weightPoints.base, into: output, workspace)
  }

  package func differentiate(
    _ outputGradient: ImageStack, input: ImageStack, _ images: Range<Int>, into inputGradient: ImageStack,
    weightGradient: UnsafeMutablePointer<Float>, _ workspace: BodyWorkspace
  ) {
    apply(outputGradient, images, points: flippedPoints.base, into: inputGradient, workspace)
    var (from, to) = (tiling(input), tiling(outputGradient))
    let (left, right, sums) = (workspace.points.base, workspace.otherPoints.base, workspace.weightPoints.base)
    forEachBlock(images: images.count) { first, count in
      let (leftStride, rightStride) = (pointStride(count, inputs), pointStride(count, outputs))
      kernels.winograd_input(input.image(images.lowerBound), &from, Int32(first), Int32(count), left)
      kernels.winograd_gradient(outputGradient.image(images.lowerBound), &to, Int32(first), Int32(count), right)
      for point in 0..<tile.points {
        kernels.product(
          left + point * leftStride, 1, Int64(inputs), right + point * rightStride, Int64(outputs),
          sums + point * inputs * outputs, Int64(outputs), Int32(inputs), Int32(outputs), Int32(count),
          first == 0 ? 0 : 1)
      }
    }
    kernels.winograd_weight_gradient(
      sums, Int32(tile.height), Int32(inputs * outputs), weightGradient)
  }
}
