import SerdNetwork

/// A convolution of the body, stride 1, SAME padding, without bias: forward and both gradients, some images at a time.
///
/// Weights and their gradient are HWIO. What `prepare` has done is shared by the workers; everything else that a call
/// writes is the worker's or the images'.
package protocol BodyConvolution: AnyObject {
  /// Rows of zeros that `input` stacks need between images.
  var margin: Int { get }
  /// Values of the kernel.
  var weightCount: Int { get }
  /// Prepares a worker's scratch memory for calls with up to `images`.
  func reserve(_ workspace: BodyWorkspace, images: Int)
  /// Takes a step's weights, before `forward`.
  func prepareForward(weights: UnsafePointer<Float>)
  /// Takes a step's weights, before `differentiate`.
  func prepareBackward(weights: UnsafePointer<Float>)
  /// The output of some images.
  func forward(_ input: ImageStack, _ images: Range<Int>, into output: ImageStack, _ workspace: BodyWorkspace)
  /// The gradients with respect to the input and to the weights, which is overwritten, from that with respect to the
  /// output.
  func differentiate(
    _ outputGradient: ImageStack, input: ImageStack, _ images: Range<Int>, into inputGradient: ImageStack,
    weightGradient: UnsafeMutablePointer<Float>, _ workspace: BodyWorkspace)
}

/// Makes the convolution that is fastest for a layer.
func bodyConvolution(_ shape: LayerShape) -> any BodyConvolution {
  let kernel = shape.block.kernel
  if kernel.height == 3 && kernel.width == 3 {
    return WinogradConvolution(
      height: shape.input.height, width: shape.input.width, inputs: shape.inputChannels, outputs: shape.block.channels)
  }
  return RowProductConvolution(
    RowConvolution(
      height: shape.input.height, width: shape.input.width, kernelHeight: kernel.height, kernelWidth: kernel.width,
      inputs: shape.inputChannels, outputs: shape.block.channels))
}
