/// Which rows of a layer's output stay the same, to the bit, while the window slides along time.
///
/// A row depends on a stretch of frames. With SAME padding the rows near both ends of the window also depend on the
/// padding; all others depend on their frames only, so the next window has them too, further up. Worked out from kernel
/// heights and pools.
///
/// Two things more would stay the same and are computed anew: the one row of a pool of two whose other row differs (1
/// to 2 rows of a layer), and, in rows that read both old and new ones, the sums over the taps on old ones. All in all
/// that would save a hop a sixth of its multiply-adds, but take kernels that begin and end in the middle of a pool or a
/// sum, and memory for these sums at every place where a later window may begin or end.
package struct RowReuse: Equatable, Sendable {
  /// Rows of the output.
  package let height: Int
  /// Frames from one row to the next.
  package let stride: Int
  /// Rows at the start that depend on what pads the window there.
  package let leading: Int
  /// Rows at the end that depend on what pads the window there, or on a pool that the end cuts short.
  package let trailing: Int

  /// The network's input: no row depends on the padding.
  package init(frames: Int) { (height, stride, leading, trailing) = (frames, 1, 0, 0) }

  private init(height: Int, stride: Int, leading: Int, trailing: Int) {
    (self.height, self.stride, self.leading, self.trailing) = (height, stride, leading, trailing)
  }

  /// What follows from this input for the output of a convolution of `kernel` rows and a pool of `pool` rows.
  ///
  /// Output row r needs input rows pool · r - kernel / 2 up to pool · (r + 1) - 1 + kernel / 2.
  package func after(kernel: Int, pool: Int) -> RowReuse {
    let half = kernel / 2
    let output = (height + pool - 1) / pool
    let before = max(0, height - trailing - half) / pool
    return RowReuse(
      height: output, stride: stride * pool, leading: min(output, (leading + half + pool - 1) / pool),
      trailing: max(0, output - before))
  }

  /// An image whose channels come from several layers of the same height.
  package static func concatenation(of parts: some Collection<RowReuse>) -> RowReuse {
    RowReuse(
      height: parts.first!.height, stride: parts.first!.stride, leading: parts.map(\.leading).max()!,
      trailing: parts.map(\.trailing).max()!)
  }

  /// What must be computed for a window that has slid by `frames`, a multiple of `stride`: the leading rows, and the
  /// rest from the first that the last window did not have. All rows, as the rest, for nil.
  package func rows(slidBy frames: Int?) -> (leading: Int, rest: Range<Int>) {
    guard let frames, height - trailing - frames / stride > leading else { return (0, 0..<height) }
    return (leading, height - trailing - frames / stride..<height)
  }
}

extension ModelDescription {
  /// One for each of `layerShapes`; the last is that of the rows before the global pool.
  package var rowReuse: [RowReuse] {
    let input = RowReuse(frames: windowFrames)
    let paths = architecture.paths.map { input.after(kernel: $0.kernel.height, pool: $0.pool?.height ?? 1) }
    var result = paths
    for block in architecture.body {
      let previous = result.count == paths.count ? RowReuse.concatenation(of: paths) : result[result.count - 1]
      result.append(previous.after(kernel: block.kernel.height, pool: block.pool?.height ?? 1))
    }
    return result
  }
}
