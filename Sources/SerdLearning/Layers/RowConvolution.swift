/// A convolution, stride 1, SAME padding, on NHWC images, as one matrix product per kernel row.
///
/// The input is expanded along its width only: each pixel is stored with its horizontal neighbours, kernelWidth ×
/// channels values in a row. Kernel row r then is a plain matrix product that starts r image rows further down, so
/// nothing is expanded along the height (a third of the memory of an im2col for 3 × 3). Zero rows between images let
/// several images share a product; the rows that come out between them are garbage and stay in the margins.
///
/// The gradient with respect to the input is the same routine on the expanded output gradient with flipped weights, and
/// the gradient with respect to the weights is one product of the input and that same expansion per kernel row.
///
/// Weights are HWIO. Not for one-channel inputs, whose products would be too thin: see `PathPatches`.
package struct RowConvolution {
  package let height: Int
  package let width: Int
  package let kernelHeight: Int
  package let kernelWidth: Int
  package let inputs: Int
  package let outputs: Int

  package init(height: Int, width: Int, kernelHeight: Int, kernelWidth: Int, inputs: Int, outputs: Int) {
    precondition(kernelHeight % 2 == 1 && kernelWidth % 2 == 1, "SAME padding here needs odd kernels")
    self.height = height
    self.width = width
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Zero rows above and below an image.
  package var margin: Int { kernelHeight / 2 }
  /// Values of the kernel.
  package var weightCount: Int { kernelHeight * kernelWidth * inputs * outputs }

  /// Pixels of a stack of images with the margins between them, without the last one.
  private func stackedPixels(_ images: Int) -> Int { (images * (height + margin) - margin) * width }

  /// Elements of an expansion of `images` with `channels` channels each.
  package func expansionCount(images: Int, channels: Int) -> Int {
    (margin + images * (height + margin)) * width * kernelWidth * channels
  }

  /// First element of an image's row in an expansion.
  package func expansionRow(image: Int, row: Int, channels: Int) -> Int {
    (margin + image * (height + margin) + row) * width * kernelWidth * channels
  }

  /// Zeroes the rows around the images of an expansion.
  package func clearMargins(_ expansion: UnsafeMutablePointer<Float>, images: Int, channels: Int) {
    let count = margin * width * kernelWidth * channels
    for image in 0...images {
      (expansion + expansionRow(image: image, row: 0, channels: channels) - count).update(repeating: 0, count: count)
    }
  }

  /// Stores each pixel of a row with its horizontal neighbours; beyond the edges they are zero.
  package func expandRow(
    _ row: UnsafePointer<Float>, into expansion: UnsafeMutablePointer<Float>, channels: Int
  ) {
    let reach = kernelWidth / 2
    for x in 0..<width {
      let target = expansion + x * kernelWidth * channels
      let first = max(0, x - reach)
      let last = min(width - 1, x + reach)
      let before = first - (x - reach)
      if before > 0 { target.update(repeating: 0, count: before * channels) }
      (target + before * channels).update(from: row + first * channels, count: (last - first + 1) * channels)
      let after = x + reach - last
      if after > 0 {
        (target + (kernelWidth - after) * channels).update(repeating: 0, count: after * channels)
      }
    }
  }

  /// Expands whole images that lie `imageStride` elements apart.
  package func expand(
    _ source: UnsafePointer<Float>, imageStride: Int, images: Int, channels: Int,
    into expansion: UnsafeMutablePointer<Float>
  ) {
    clearMargins(expansion, images: images, channels: channels)
    for image in 0..<images {
      for row in 0..<height {
        expandRow(
          source + image * imageStride + row * width * channels,
          into: expansion + expansionRow(image: image, row: row, channels: channels), channels: channels)
      }
    }
  }

  /// Output (stacked with margins) of `images` expanded images. `weights` is HWIO.
  package func forward(
    expanded: UnsafePointer<Float>, images: Int, weights: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>
  ) {
    apply(expanded, images: images, channels: inputs, matrix: weights, into: output, columns: outputs)
  }

  /// Gradient with respect to the input (stacked with margins) from the expanded output gradient.
  package func inputGradient(
    expandedGradient: UnsafePointer<Float>, images: Int, flippedWeights: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    apply(
      expandedGradient, images: images, channels: outputs, matrix: flippedWeights, into: gradient, columns: inputs)
  }

  private func apply(
    _ expanded: UnsafePointer<Float>, images: Int, channels: Int, matrix: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, columns: Int
  ) {
    let depth = kernelWidth * channels
    for kernelRow in 0..<kernelHeight {
      Matrix(expanded + kernelRow * width * depth, stride: depth).multiply(
        Matrix(matrix + kernelRow * depth * columns, stride: columns), into: result, stride: columns,
        adding: kernelRow == 0 ? 0 : 1,
        rows: stackedPixels(images), columns: columns, depth: depth)
    }
  }

  /// Adds the weights' gradient to `gradient`, in the order [flipped kernel row][input][flipped kernel column][output].
  ///
  /// `input` is stacked with zero margins. `unflip` brings the sum over the batch into HWIO.
  package func addWeightGradient(
    expandedGradient: UnsafePointer<Float>, input: UnsafePointer<Float>, images: Int,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    let columns = kernelWidth * outputs
    for kernelRow in 0..<kernelHeight {
      Matrix(input, stride: inputs, transposed: true).multiply(
        Matrix(expandedGradient + kernelRow * width * columns, stride: columns),
        into: gradient + kernelRow * inputs * columns, stride: columns, adding: 1,
        rows: inputs, columns: columns, depth: stackedPixels(images))
    }
  }

  /// HWIO weights rotated by half a turn with inputs and outputs exchanged, for `inputGradient`.
  package func flip(_ weights: UnsafePointer<Float>, into flipped: UnsafeMutablePointer<Float>) {
    let taps = kernelHeight * kernelWidth
    for tap in 0..<taps {
      let source = weights + (taps - 1 - tap) * inputs * outputs
      let target = flipped + tap * inputs * outputs
      for input in 0..<inputs {
        for output in 0..<outputs { target[output * inputs + input] = source[input * outputs + output] }
      }
    }
  }

  /// The order of `addWeightGradient` to HWIO.
  package func unflip(_ gradient: UnsafePointer<Float>, into weights: UnsafeMutablePointer<Float>) {
    for y in 0..<kernelHeight {
      for x in 0..<kernelWidth {
        for input in 0..<inputs {
          let row = (kernelHeight - 1 - y) * inputs + input
          (weights + ((y * kernelWidth + x) * inputs + input) * outputs).update(
            from: gradient + (row * kernelWidth + kernelWidth - 1 - x) * outputs, count: outputs)
        }
      }
    }
  }
}
