/// `RowConvolution` as a convolution of the body: expansions and groups of images for one matrix product each.
final class RowProductConvolution: BodyConvolution {
  /// Pixels per matrix product, about: more fills the product better, fewer keeps the expansion in the cache.
  private static let pixels = 1280
  private let layer: RowConvolution
  private let weights = Buffer<Float>()
  private let flipped = Buffer<Float>()
  private let imagesAtOnce: Int

  init(_ layer: RowConvolution) {
    self.layer = layer
    imagesAtOnce = max(1, Self.pixels / (layer.height * layer.width))
    weights.reserve(layer.weightCount)
    flipped.reserve(layer.weightCount)
  }

  var margin: Int { layer.margin }
  var weightCount: Int { layer.weightCount }

  func reserve(_ workspace: BodyWorkspace, images: Int) {
    workspace.points.reserve(
      layer.expansionCount(images: min(images, imagesAtOnce), channels: max(layer.inputs, layer.outputs)))
    workspace.weightPoints.reserve(weightCount)
  }

  func prepareForward(weights: UnsafePointer<Float>) { self.weights.base.update(from: weights, count: weightCount) }
  func prepareBackward(weights: UnsafePointer<Float>) { layer.flip(weights, into: flipped.base) }

  /// Splits images into pieces for one matrix product each.
  private func forEachPiece(_ images: Range<Int>, _ body: (Range<Int>) -> Void) {
    for first in stride(from: images.lowerBound, to: images.upperBound, by: imagesAtOnce) {
      body(first..<min(first + imagesAtOnce, images.upperBound))
    }
  }

  func forward(_ input: ImageStack, _ images: Range<Int>, into output: ImageStack, _ workspace: BodyWorkspace) {
    let expansion = workspace.points.base
    forEachPiece(images) { piece in
      layer.expand(
        input.image(piece.lowerBound), imageStride: input.imageStride, images: piece.count, channels: layer.inputs,
        into: expansion)
      layer.forward(
        expanded: expansion, images: piece.count, weights: weights.base, into: output.image(piece.lowerBound))
    }
  }

  func differentiate(
    _ outputGradient: ImageStack, input: ImageStack, _ images: Range<Int>, into inputGradient: ImageStack,
    weightGradient: UnsafeMutablePointer<Float>, _ workspace: BodyWorkspace
  ) {
    let (expansion, sums) = (workspace.points.base, workspace.weightPoints.base)
    sums.update(repeating: 0, count: weightCount)
    forEachPiece(images) { piece in
      layer.expand(
        outputGradient.image(piece.lowerBound), imageStride: outputGradient.imageStride, images: piece.count,
        channels: layer.outputs, into: expansion)
      layer.inputGradient(
        expandedGradient: expansion, images: piece.count, flippedWeights: flipped.base,
        into: inputGradient.image(piece.lowerBound))
      layer.addWeightGradient(
        expandedGradient: expansion, input: input.image(piece.lowerBound), images: piece.count, to: sums)
    }
    layer.unflip(sums, into: weightGradient)
  }
}
