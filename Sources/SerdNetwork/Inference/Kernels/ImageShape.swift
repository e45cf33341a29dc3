import CInt8Kernels

/// How the activations of one layer lie in memory: [width][groups][halo + height + halo] cells of 4 channels, time
/// innermost (`CInt8Kernels.h`).
///
/// So all rows of one column and one group of channels are neighbours, a later row is 4 bytes on, and computing a range
/// of rows touches the same range of every line. A caller that slides along time moves `origin` on (`SlidingImage`): at
/// each position, the `halo` rows before and after the window must hold the stored zero point, unless it is one row,
/// which means nothing.
package struct ImageShape: Equatable, Sendable {
  /// Rows: time.
  package var height: Int
  /// Columns.
  package var width: Int
  /// Groups of 4 channels.
  package var groups: Int
  /// Rows before the first and after the last that the reader of this image needs.
  package var halo: Int

  /// A shape from its parts.
  package init(height: Int, width: Int, groups: Int, halo: Int) {
    self.height = height
    self.width = width
    self.groups = groups
    self.halo = halo
  }

  /// Rows from one line to the next.
  package var rowStride: Int { height + 2 * halo }

  /// Bytes, with those that kernels may read after the end.
  package var byteCount: Int { width * groups * rowStride * 4 + Int(SERD_INT8_SLACK) }

  /// The image at `memory`, all of it at the stored zero point: the halo stays so.
  package func makeImage(at memory: UnsafeMutableRawPointer, storedZero: UInt8) -> serd_int8_image {
    let bytes = memory.assumingMemoryBound(to: UInt8.self)
    bytes.initialize(repeating: storedZero, count: byteCount)
    return serd_int8_image(origin: bytes + halo * 4, groups: Int32(groups), row_stride: Int32(rowStride))
  }

  /// Where the byte of a row, column and channel is, from the image's origin on.
  package func offset(row: Int, column: Int, channel: Int) -> Int {
    ((column * groups + channel / 4) * rowStride + row) * 4 + channel % 4
  }
}

/// The one-channel input as kernels read it: once with columns innermost, once with rows (`serd_int8_planes`).
package struct PlaneShape: Equatable, Sendable {
  /// Rows: time.
  package var height: Int
  /// Columns: coefficients.
  package var width: Int
  /// Rows around the input, at either end.
  package var rowHalo: Int
  /// Columns around the input, at either side.
  package var columnHalo: Int

  /// Wide enough for the kernels of all `paths`.
  package init(_ size: NetworkArchitecture.Extent, paths: [NetworkArchitecture.Block]) {
    height = size.height
    width = size.width
    rowHalo = paths.map { $0.kernel.height / 2 }.max() ?? 0
    columnHalo = paths.map { $0.kernel.width / 2 }.max() ?? 0
  }

  /// Bytes from a row to the next where columns are innermost.
  var acrossStride: Int { width + 2 * columnHalo }

  /// Bytes from a column to the next where rows are.
  var downStride: Int { height + 2 * rowHalo }

  /// Bytes of one of the two.
  package var byteCount: Int { (height + 2 * rowHalo) * (width + 2 * columnHalo) + Int(SERD_INT8_SLACK) }

  /// Both planes, each in memory of its own, all of it at the stored zero point.
  package func makePlanes(
    across: UnsafeMutableRawPointer, down: UnsafeMutableRawPointer, storedZero: UInt8
  ) -> InputPlanes {
    for plane in [across, down] { plane.initializeMemory(as: UInt8.self, repeating: storedZero, count: byteCount) }
    return InputPlanes(
      across: across.assumingMemoryBound(to: UInt8.self) + rowHalo * acrossStride + columnHalo,
      down: down.assumingMemoryBound(to: UInt8.self) + columnHalo * downStride + rowHalo, acrossStride: acrossStride,
      downStride: downStride, width: width)
  }
}

/// The one-channel input, twice. Row r and column x is at `across[r * acrossStride + x]` and `down[x * downStride +
/// r]`.
package struct InputPlanes {
  /// Columns innermost: the writer fills this one.
  package var across: UnsafeMutablePointer<UInt8>
  /// Rows innermost: `transpose` fills this one.
  package var down: UnsafeMutablePointer<UInt8>
  /// Bytes from a row to the next.
  package let acrossStride: Int
  /// Bytes from a column to the next.
  package let downStride: Int
  private let width: Int

  init(
    across: UnsafeMutablePointer<UInt8>, down: UnsafeMutablePointer<UInt8>, acrossStride: Int, downStride: Int,
    width: Int
  ) {
    self.across = across
    self.down = down
    self.acrossStride = acrossStride
    self.downStride = downStride
    self.width = width
  }

  /// As the kernels take it.
  package var pointers: serd_int8_planes {
    serd_int8_planes(
      across: across, down: down, across_stride: Int32(acrossStride), down_stride: Int32(downStride))
  }

  /// Copies rows from `across` to `down`.
  package func transpose(rows: Range<Int>) {
    withUnsafePointer(to: pointers) {
      serd_int8_transpose($0, Int32(rows.lowerBound), Int32(rows.upperBound), Int32(width), down)
    }
  }
}
