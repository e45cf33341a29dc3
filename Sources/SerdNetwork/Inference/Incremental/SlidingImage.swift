import CInt8Kernels
import Glibc

/// An image that a window slides along: more rows than a window has, and a position in them, counted in frames.
///
/// Kernels see the window's rows only, through an origin that moves on with the window; what lies beside them must be the halo.
struct SlidingImage {
  /// With the window's first row at position 0.
  private let start: serd_int8_image
  private let lines: Int
  private let storedZero: UInt32
  private let halo: Int
  /// Rows of a window, and frames from one to the next.
  private let (height, stride): (Int, Int)

  /// An image with the shape's rows, of which a window has `height`, `stride` frames apart.
  init(
    _ shape: ImageShape, at memory: UnsafeMutableRawPointer, storedZero: UInt8, height: Int, stride: Int
  ) {
    start = shape.makeImage(at: memory, storedZero: storedZero)
    lines = shape.width * shape.groups
    halo = shape.halo
    self.storedZero = 0x0101_0101 * UInt32(storedZero)
    (self.height, self.stride) = (height, stride)
  }

  /// The image as a window at this position sees it.
  func image(at position: Int) -> serd_int8_image {
    var image = start
    image.origin += position / stride * 4
    return image
  }

  /// Writes the halo around the window at this position, over rows that it has left behind and rows that are not there yet.
  func writeHalo(at position: Int) {
    let first = UnsafeMutableRawPointer(start.origin) + position / stride * 4
    for line in 0..<lines {
      let cells = (first + line * Int(start.row_stride) * 4).assumingMemoryBound(to: UInt32.self)
      for row in 1..<halo + 1 {
        cells[-row] = storedZero
        cells[height - 1 + row] = storedZero
      }
    }
  }

  /// Moves the rows of a window at this position, up to the last one that the window before it had, to position 0. That window was
  /// `frames` before.
  func moveToStart(from position: Int, slidBy frames: Int) {
    for line in 0..<lines {
      let cells = start.origin + line * Int(start.row_stride) * 4
      memmove(cells, cells + position / stride * 4, (height - frames / stride) * 4)
    }
  }
}

/// The network's input, which a window slides along.
struct SlidingPlanes {
  /// With the window's first row at position 0.
  private let start: InputPlanes
  private let shape: PlaneShape
  private let storedZero: UInt8
  /// Rows of a window.
  private let height: Int

  /// Planes with the shape's rows, of which a window has `height`.
  init(
    _ shape: PlaneShape, across: UnsafeMutableRawPointer, down: UnsafeMutableRawPointer, storedZero: UInt8, height: Int
  ) {
    start = shape.makePlanes(across: across, down: down, storedZero: storedZero)
    self.shape = shape
    self.storedZero = storedZero
    self.height = height
  }

  /// The planes as a window at this position sees them.
  func planes(at position: Int) -> InputPlanes {
    var planes = start
    planes.across += position * start.acrossStride
    planes.down += position
    return planes
  }

  /// Writes the halo before and after the window at this position.
  func writeHalo(at position: Int) {
    let planes = planes(at: position)
    let halo = shape.rowHalo
    let rows = planes.across - shape.columnHalo
    memset(rows - halo * start.acrossStride, Int32(storedZero), halo * start.acrossStride)
    memset(rows + height * start.acrossStride, Int32(storedZero), halo * start.acrossStride)
    for column in 0..<shape.width {
      let line = planes.down + column * start.downStride
      memset(line - halo, Int32(storedZero), halo)
      memset(line + height, Int32(storedZero), halo)
    }
  }

  /// As `SlidingImage.moveToStart`.
  func moveToStart(from position: Int, slidBy frames: Int) {
    let kept = height - frames
    memmove(start.across, start.across + position * start.acrossStride, kept * start.acrossStride)
    for column in 0..<shape.width {
      let line = start.down + column * start.downStride
      memmove(line, line + position, kept)
    }
  }
}
