import CTrainingKernels
import SerdLearning
import SerdTestKit
import Testing

/// The kernels of every instruction set that this processor has against plain sums in double.
@Suite struct TrainingKernelTests {
  private static func random(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in generator.gaussian() }
  }

  /// Rows, columns, depth: none a multiple of a block, one of each, and what the network has.
  static let shapes = [
    (1, 1, 1), (5, 3, 7), (13, 17, 2), (25, 31, 9), (7, 112, 12), (24, 64, 96), (30, 96, 40), (12, 161, 33),
  ]

  @Test("Matrix products are the plain sums, and touch nothing between the rows", arguments: shapes)
  func productsAreSums(rows: Int, columns: Int, depth: Int) {
    // Rows farther apart than they are long; what is between them must not change.
    let (bRow, cRow) = (columns + 3, columns + 5)
    let b = Self.random(depth * bRow, seed: 2)
    let before = Self.random(rows * cRow, seed: 3)
    for kernels in TrainingKernels.all {
      for (row, step) in [(depth + 2, 1), (1, rows + 1)] {
        let a = Self.random(rows * row + depth * step, seed: 1)
        for adds in [false, true] {
          var c = before
          kernels.table.product(
            a, Int64(row), Int64(step), b, Int64(bRow), &c, Int64(cRow), Int32(rows), Int32(columns), Int32(depth),
            adds ? 1 : 0)
          var expected = before.map(Double.init)
          for i in 0..<rows {
            for j in 0..<columns {
              var sum = adds ? Double(before[i * cRow + j]) : 0
              for k in 0..<depth { sum += Double(a[i * row + k * step]) * Double(b[k * bRow + j]) }
              expected[i * cRow + j] = sum
            }
          }
          #expect(relativeError(c, expected) < 1e-6, "\(kernels.name), row \(row), adds \(adds)")
          let untouched = c.indices.filter { $0 % cRow >= columns }
          #expect(untouched.allSatisfy { c[$0] == before[$0] }, "\(kernels.name)")
        }
      }
    }
  }

  /// Heights and widths that tiles do not divide, images smaller than a tile, channels that fill no register, more
  /// tiles than are worked on at once.
  static let convolutions = [
    NaiveConvolution.Shape(images: 3, height: 7, width: 5, inputs: 6, outputs: 4, kernelHeight: 3, kernelWidth: 3),
    NaiveConvolution.Shape(images: 2, height: 1, width: 1, inputs: 3, outputs: 2, kernelHeight: 3, kernelWidth: 3),
    NaiveConvolution.Shape(images: 2, height: 8, width: 8, inputs: 16, outputs: 21, kernelHeight: 3, kernelWidth: 3),
    NaiveConvolution.Shape(images: 1, height: 2, width: 9, inputs: 35, outputs: 1, kernelHeight: 3, kernelWidth: 3),
    NaiveConvolution.Shape(images: 5, height: 37, width: 9, inputs: 64, outputs: 48, kernelHeight: 3, kernelWidth: 3),
  ]

  /// The largest rounding error that a tile may have, relative to the largest value: direct products have 2e-6.
  static func limit(_ tile: WinogradConvolution.Tile) -> Float { tile.points == 16 ? 2e-6 : 4e-6 }

  @Test(
    "Winograd's convolution and its gradients are those of the definition", arguments: convolutions,
    WinogradConvolution.tiles)
  func winogradIsTheDefinition(shape: NaiveConvolution.Shape, tile: WinogradConvolution.Tile) {
    let pixels = shape.images * shape.height * shape.width
    let (input, gradient) = (Self.random(pixels * shape.inputs, seed: 4), Self.random(pixels * shape.outputs, seed: 5))
    let weights = Self.random(9 * shape.inputs * shape.outputs, seed: 6)
    let (wideInput, wideGradient, wideWeights) = (
      input.map(Double.init), gradient.map(Double.init), weights.map(Double.init)
    )
    let forward = NaiveConvolution.forward(shape, input: wideInput, weights: wideWeights)
    let back = NaiveConvolution.inputGradient(shape, outputGradient: wideGradient, weights: wideWeights)
    let weightGradient = NaiveConvolution.weightGradient(shape, outputGradient: wideGradient, input: wideInput)
    for kernels in TrainingKernels.all {
      let layer = WinogradConvolution(
        height: shape.height, width: shape.width, inputs: shape.inputs, outputs: shape.outputs, tile: tile,
        kernels: kernels)
      let (x, dx) = (stack(input, shape, channels: shape.inputs), stack([], shape, channels: shape.inputs))
      let (y, dy) = (stack([], shape, channels: shape.outputs), stack(gradient, shape, channels: shape.outputs))
      // Garbage in the scratch memory must not matter.
      let workspace = BodyWorkspace()
      layer.reserve(workspace, images: shape.images)
      for buffer in [workspace.points, workspace.otherPoints, workspace.weightPoints] {
        buffer.base.update(repeating: .nan, count: buffer.count)
      }
      layer.prepareForward(weights: weights)
      layer.forward(x, 0..<shape.images, into: y, workspace)
      layer.prepareBackward(weights: weights)
      var dw = [Float](repeating: .nan, count: weights.count)
      layer.differentiate(dy, input: x, 0..<shape.images, into: dx, weightGradient: &dw, workspace)
      let limit = Self.limit(tile)
      #expect(relativeError(y.array(images: shape.images), forward) < limit, "\(kernels.name)")
      #expect(relativeError(dx.array(images: shape.images), back) < limit, "\(kernels.name)")
      #expect(relativeError(dw, weightGradient) < limit, "\(kernels.name)")
    }
  }

  private func stack(_ values: [Float], _ shape: NaiveConvolution.Shape, channels: Int) -> ImageStack {
    // The margin holds garbage: Winograd's tiles must not read it.
    let stack = ImageStack(height: shape.height, width: shape.width, channels: channels, margin: 1)
    stack.reserve(images: shape.images)
    stack.image(0).update(repeating: .nan, count: shape.images * stack.imageStride)
    let count = stack.pixels * channels
    for image in 0..<shape.images where !values.isEmpty {
      for i in 0..<count { stack.image(image)[i] = values[image * count + i] }
    }
    return stack
  }

  @Test("The Winograd tile with the fewest products is taken")
  func theTileWithTheFewestProductsIsTaken() {
    func tile(_ height: Int, _ width: Int) -> String {
      WinogradConvolution(height: height, width: width, inputs: 1, outputs: 1).tile.description
    }
    #expect(tile(61, 20) == "4 × 2" && tile(8, 5) == "4 × 2" && tile(2, 2) == "2 × 2")
  }
}
