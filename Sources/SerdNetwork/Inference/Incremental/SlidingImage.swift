import CInt8Kernels
import Glibc

/// An image that a window slides along: kernels see it through an origin that moves on with the window, counted in
/// frames.
///
/// Every line moves on by as much as its neighbours, so it only takes over the cells that the next line has left
/// behind:
///
///     before   [ halo | line 0, row 0 …   | halo ][ halo | line 1, row 0 …   | halo ]
///     after           [ halo | line 0, row d …   | halo ][ halo | line 1, row d …   | halo ]
///
/// so all lines together need room for the few rows that the last one gains, once. The halo must be written at each new
/// place.
struct SlidingImage {
  /// At position 0.
  private let start: serd_int8_image
  private let shape: ImageShape
  private let storedZero: UInt32
  /// Frames from a row to the next.
  private let stride: Int

  /// `memory` has room for the shape and for the rows that the window slides by.
  init(_ shape: ImageShape, at memory: UnsafeMutableRawPointer, storedZero: UInt8, stride: Int) {
    start = shape.makeImage(at: memory, storedZero: storedZero)
    self.shape = shape
    self.storedZero = 0x0101_0101 * UInt32(storedZero)
    self.stride = stride
  }

  /// The image as a window at this position sees it.
  func image(at position: Int) -> serd_int8_image {
    var image = start
    image.origin += position / stride * 4
    return image
  }

  /// Writes the halo around every line of the window at this position, if it means anything (`CInt8Kernels.h`).
  func writeHalo(at position: Int) {
    guard shape.halo > 1 else { return }
    var line = UnsafeMutableRawPointer(image(at: position).origin).assumingMemoryBound(to: UInt32.self)
    for _ in 0..<shape.width * shape.groups {
      for row in 0..<shape.halo {
        line[-1 - row] = storedZero
        line[shape.height + row] = storedZero
      }
      line += shape.rowStride
    }
  }

  /// Moves what is at this position to position 0, up to the end of the window before, which was at `frames` less.
  func moveToStart(from position: Int, slidBy frames: Int) {
    let bytes = start.origin - shape.halo * 4
    let count = shape.byteCount - Int(SERD_INT8_SLACK) - frames / stride * 4
    memmove(bytes, bytes + position / stride * 4, count)
  }
}

/// The network's input, which a window slides along in the same way.
struct SlidingPlanes {
  /// At position 0.
  private let start: InputPlanes
  private let shape: PlaneShape
  private let storedZero: UInt8

  /// Each plane's memory has room for the shape and for the `spareFrames` that the window slides by.
  init(
    _ shape: PlaneShape, across: UnsafeMutableRawPointer, down: UnsafeMutableRawPointer, storedZero: UInt8,
    spareFrames: Int
  ) {
    start = shape.makePlanes(across: across, down: down, storedZero: storedZero)
    self.shape = shape
    self.storedZero = storedZero
    // The columns beside later rows too: they stay.
    memset(across + shape.byteCount, Int32(storedZero), spareFrames * start.acrossStride)
  }

  /// The planes as a window at this position sees them.
  func planes(at position: Int) -> InputPlanes {
    var planes = start
    planes.across += position * start.acrossStride
    planes.down += position
    return planes
  }

  /// Writes what is around the window at this position.
  func writeHalo(at position: Int) {
    let planes = planes(at: position)
    let (halo, sides) = (shape.rowHalo, shape.columnHalo)
    let rows = planes.across - sides
    memset(rows - halo * start.acrossStride, Int32(storedZero), halo * start.acrossStride)
    memset(rows + shape.height * start.acrossStride, Int32(storedZero), halo * start.acrossStride)
    for column in -sides..<shape.width + sides {
      let line = planes.down + column * start.downStride
      if (0..<shape.width).contains(column) {
        for row in 0..<halo { (line[-1 - row], line[shape.height + row]) = (storedZero, storedZero) }
      } else {
        memset(line - halo, Int32(storedZero), start.downStride)
      }
    }
  }

  /// As `SlidingImage.moveToStart`.
  func moveToStart(from position: Int, slidBy frames: Int) {
    let across = start.across - shape.rowHalo * start.acrossStride - shape.columnHalo
    let down = start.down - shape.columnHalo * start.downStride - shape.rowHalo
    let count = shape.byteCount - Int(SERD_INT8_SLACK)
    memmove(across, across + position * start.acrossStride, count - frames * start.acrossStride)
    memmove(down, down + position, count - frames)
  }
}
