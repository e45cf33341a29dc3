/// A batch of activations in memory: NHWC float32, each image followed by `margin` rows.
///
/// The margin is the zero padding that the next convolution needs between one image and the next, so that several
/// images can go through one matrix product. In stacks that a convolution reads, margins stay zero; in stacks that it
/// writes, they hold values that nobody reads.
package final class ImageStack {
  package let height: Int
  package let width: Int
  package let channels: Int
  package let margin: Int
  private let storage = Buffer<Float>()

  package init(height: Int, width: Int, channels: Int, margin: Int) {
    self.height = height
    self.width = width
    self.channels = channels
    self.margin = margin
  }

  /// Elements from one row to the next.
  package var rowStride: Int { width * channels }
  /// Elements from one image to the next.
  package var imageStride: Int { (height + margin) * rowStride }
  /// Pixels of an image without its margin.
  package var pixels: Int { height * width }

  /// Makes room for `images`; allocates only when the batch is larger than any before.
  package func reserve(images: Int) { storage.reserve(images * imageStride) }

  /// First element of an image.
  package func image(_ index: Int) -> UnsafeMutablePointer<Float> { storage.base + index * imageStride }

  /// A copy without margins, NHWC, of some of the channels.
  package func array(images: Int, channels selected: Range<Int>? = nil) -> [Float] {
    let selected = selected ?? 0..<channels
    var values: [Float] = []
    values.reserveCapacity(images * pixels * selected.count)
    for index in 0..<images {
      for pixel in 0..<pixels {
        let start = image(index) + pixel * channels + selected.lowerBound
        values.append(contentsOf: UnsafeBufferPointer(start: start, count: selected.count))
      }
    }
    return values
  }
}
