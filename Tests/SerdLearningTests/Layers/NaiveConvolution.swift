/// The convolution that the fast ones must agree with: stride 1, SAME padding, NHWC, HWIO, loops as in the definition.
///
/// The reference of the tests, in double precision; training does not call it.
enum NaiveConvolution {
  /// Sizes of one convolution.
  struct Shape {
    var images, height, width, inputs, outputs, kernelHeight, kernelWidth: Int

    /// Calls `body` with the flat indices (output, input, weight) of every multiply-add.
    @inline(__always)
    func forEachProduct(_ body: (_ output: Int, _ input: Int, _ weight: Int) -> Void) {
      for n in 0..<images {
        for y in 0..<height {
          for x in 0..<width {
            for ky in 0..<kernelHeight {
              for kx in 0..<kernelWidth {
                let (iy, ix) = (y + ky - kernelHeight / 2, x + kx - kernelWidth / 2)
                guard (0..<height).contains(iy), (0..<width).contains(ix) else { continue }
                for i in 0..<inputs {
                  for o in 0..<outputs {
                    body(
                      ((n * height + y) * width + x) * outputs + o, ((n * height + iy) * width + ix) * inputs + i,
                      ((ky * kernelWidth + kx) * inputs + i) * outputs + o)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Output of the convolution, without bias.
  static func forward(
    _ shape: Shape, input: [Double], weights: [Double]
  ) -> [Double] {
    var result = [Double](repeating: 0, count: shape.images * shape.height * shape.width * shape.outputs)
    shape.forEachProduct { result[$0] += input[$1] * weights[$2] }
    return result
  }

  /// Gradient with respect to the input.
  static func inputGradient(
    _ shape: Shape, outputGradient: [Double], weights: [Double]
  ) -> [Double] {
    var result = [Double](repeating: 0, count: shape.images * shape.height * shape.width * shape.inputs)
    shape.forEachProduct { result[$1] += outputGradient[$0] * weights[$2] }
    return result
  }

  /// Gradient with respect to the weights.
  static func weightGradient(
    _ shape: Shape, outputGradient: [Double], input: [Double]
  ) -> [Double] {
    var result = [Double](repeating: 0, count: shape.kernelHeight * shape.kernelWidth * shape.inputs * shape.outputs)
    shape.forEachProduct { result[$2] += outputGradient[$0] * input[$1] }
    return result
  }
}
