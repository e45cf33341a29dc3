import SerdLearning
import SerdNetwork
import SerdTestKit
import Testing

/// Single layers against naive double-precision versions. Limits are relative to the largest value: a few float32
/// roundings of sums of some hundred terms.
@Suite struct LayerTests {
  static let convolutions = [
    NaiveConvolution.Shape(images: 3, height: 7, width: 5, inputs: 6, outputs: 4, kernelHeight: 3, kernelWidth: 3),
    NaiveConvolution.Shape(images: 2, height: 1, width: 1, inputs: 3, outputs: 2, kernelHeight: 3, kernelWidth: 3),
    NaiveConvolution.Shape(images: 2, height: 4, width: 3, inputs: 5, outputs: 7, kernelHeight: 5, kernelWidth: 7),
    NaiveConvolution.Shape(images: 3, height: 4, width: 5, inputs: 16, outputs: 32, kernelHeight: 1, kernelWidth: 1),
    NaiveConvolution.Shape(images: 1, height: 9, width: 2, inputs: 2, outputs: 3, kernelHeight: 7, kernelWidth: 1),
  ]

  @Test("A convolution and both its gradients are those of the definition", arguments: convolutions)
  func convolutionIsTheDefinition(shape: NaiveConvolution.Shape) {
    var generator = SeededGenerator(seed: 11)
    func random(_ count: Int) -> [Float] { (0..<count).map { _ in generator.gaussian() } }
    let pixels = shape.images * shape.height * shape.width
    let (input, gradient) = (random(pixels * shape.inputs), random(pixels * shape.outputs))
    let layer = RowConvolution(
      height: shape.height, width: shape.width, kernelHeight: shape.kernelHeight, kernelWidth: shape.kernelWidth,
      inputs: shape.inputs, outputs: shape.outputs)
    let weights = random(layer.weightCount)
    let x = stack(input, shape, channels: shape.inputs, margin: layer.margin)
    let y = stack([], shape, channels: shape.outputs, margin: layer.margin)
    let dy = stack(gradient, shape, channels: shape.outputs, margin: layer.margin)
    let dx = stack([], shape, channels: shape.inputs, margin: layer.margin)

    // Garbage in the scratch memory must not matter.
    let expanded = Buffer<Float>(layer.expansionCount(images: shape.images, channels: shape.inputs))
    expanded.base.update(repeating: .nan, count: expanded.count)
    layer.expand(
      x.image(0), imageStride: x.imageStride, images: shape.images, channels: shape.inputs, into: expanded.base)
    layer.forward(expanded: expanded.base, images: shape.images, weights: weights, into: y.image(0))
    #expect(
      relativeError(
        y.array(images: shape.images),
        NaiveConvolution.forward(shape, input: input.map(Double.init), weights: weights.map(Double.init))) < 2e-6)

    let expandedGradient = Buffer<Float>(layer.expansionCount(images: shape.images, channels: shape.outputs))
    expandedGradient.base.update(repeating: .nan, count: expandedGradient.count)
    layer.expand(
      dy.image(0), imageStride: dy.imageStride, images: shape.images, channels: shape.outputs,
      into: expandedGradient.base)
    let flipped = Buffer<Float>(layer.weightCount)
    layer.flip(weights, into: flipped.base)
    layer.inputGradient(
      expandedGradient: expandedGradient.base, images: shape.images, flippedWeights: flipped.base, into: dx.image(0))
    #expect(
      relativeError(
        dx.array(images: shape.images),
        NaiveConvolution.inputGradient(
          shape, outputGradient: gradient.map(Double.init), weights: weights.map(Double.init))) < 2e-6)

    let (sums, dw) = (Buffer<Float>(layer.weightCount), Buffer<Float>(layer.weightCount))
    layer.addWeightGradient(
      expandedGradient: expandedGradient.base, input: x.image(0), images: shape.images, to: sums.base)
    layer.unflip(sums.base, into: dw.base)
    #expect(
      relativeError(
        dw.array(0..<layer.weightCount),
        NaiveConvolution.weightGradient(
          shape, outputGradient: gradient.map(Double.init), input: input.map(Double.init))) < 2e-6)
  }

  private func stack(
    _ values: [Float], _ shape: NaiveConvolution.Shape, channels: Int, margin: Int
  ) -> ImageStack {
    let stack = ImageStack(height: shape.height, width: shape.width, channels: channels, margin: margin)
    stack.reserve(images: shape.images)
    let count = stack.pixels * channels
    for image in 0..<shape.images where !values.isEmpty {
      for i in 0..<count { stack.image(image)[i] = values[image * count + i] }
    }
    return stack
  }

  @Test(
    "The moments of a path's patches are the sums of products over all patches",
    arguments: [(3, 3), (1, 9), (11, 1), (5, 9)])
  func patchMomentsAreSumsOverPatches(height: Int, width: Int) {
    let patches = PathPatches(height: 6, width: 4, kernel: .init(height, width))
    var generator = SeededGenerator(seed: 5)
    let image = (0..<24).map { _ in 5 + generator.gaussian() }
    let (taps, pixels) = (patches.taps, 24)
    let (matrix, wide, moments) = (
      Buffer<Float>(taps * pixels), Buffer<Double>(taps * pixels), Buffer<Double>(taps * taps)
    )
    matrix.base.update(repeating: .nan, count: taps * pixels)
    patches.fill(matrix.base, image: image, rows: 0..<6)
    patches.addMoments(of: matrix.base, pixels: pixels, wide: wide.base, to: moments.base)
    func patch(_ y: Int, _ x: Int, _ tap: Int) -> Double {
      if tap == taps - 1 { return 1 }
      let (row, column) = (y + tap / width - height / 2, x + tap % width - width / 2)
      guard (0..<6).contains(row), (0..<4).contains(column) else { return 0 }
      return Double(image[row * 4 + column])
    }
    for a in 0..<taps {
      for b in 0..<taps {
        var expected = 0.0
        for y in 0..<6 { for x in 0..<4 { expected += patch(y, x, a) * patch(y, x, b) } }
        #expect(abs(moments.base[a * taps + b] - expected) < 1e-9 * max(1, expected), "taps \(a), \(b)")
      }
    }
  }
}
