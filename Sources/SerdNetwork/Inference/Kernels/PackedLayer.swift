import CInt8Kernels

/// One fused operation (`FusedConvolution` is its specification) on the kernels of an instruction set: weights packed
/// once, and any range of output rows computed on demand.
///
/// Rows count time. Output row r of a layer with pool height p needs rows `p·r - h ..< p·(r + 1) + h` of its input, h
/// being half the kernel's height, of which those outside the image are the halo. The last layer of a network has a
/// global pool: it gives sums per row, which `pool` adds up and requantises, so that whoever slides along time may keep
/// those of rows that did not change.
package final class PackedLayer {
  private let kernels: serd_int8_kernels
  private var layer: serd_int8_layer
  /// Weights, biases, scales, grid, residuals: what `layer` points into.
  private let memory: [AlignedMemory]
  /// Whether this layer reads the one-channel input.
  package let readsPlanes: Bool
  /// Whether this layer gives row sums.
  package let isGlobal: Bool
  /// Output channels, rounded up to whole vectors: the length of a row of sums.
  package let paddedChannels: Int
  /// Bytes of the packed weights and of the tables.
  package var byteCount: Int { memory.reduce(0) { $0 + $1.byteCount } }

  /// Packs the layer at `index` of the model's `layerShapes`.
  package init(model: QuantisedModel, layer index: Int, instructionSet: InstructionSet) {
    kernels = instructionSet.kernels
    let tables = LayerTables(model: model, layer: index, kernels: kernels)
    let shape = tables.shape
    (readsPlanes, isGlobal, paddedChannels) = (tables.readsPlanes, tables.isGlobal, tables.paddedChannels)
    let channels = Int32(shape.block.channels)
    let weights = AlignedMemory(byteCount: kernels.packed_size(channels, Int32(tables.steps)))
    kernels.pack(tables.weights, channels, Int32(tables.steps), weights.values(UInt8.self))
    let (biases, scales) = (AlignedMemory(tables.biases), AlignedMemory(tables.scales))
    let (grid, residual) = (AlignedMemory(tables.grid), AlignedMemory(tables.residual))
    memory = [weights, biases, scales, grid, residual]
    let pool = tables.isGlobal ? NetworkArchitecture.Extent(1, 1) : tables.pool
    layer = serd_int8_layer(
      height: Int32(shape.input.height), width: Int32(shape.input.width),
      kernel_height: Int32(shape.block.kernel.height), kernel_width: Int32(shape.block.kernel.width),
      pool_height: Int32(pool.height), pool_width: Int32(pool.width), channels: channels,
      steps: Int32(tables.steps), is_down: tables.isDown ? 1 : 0, output_zero_point: tables.outputZeroPoint,
      is_bounded: tables.isBounded ? 1 : 0,
      weights: weights.values(UInt8.self), biases: biases.values(Int32.self), scales: scales.values(Float.self),
      grid: tables.grid.isEmpty ? nil : UnsafePointer(grid.values(Float.self)),
      residual: tables.residual.isEmpty ? nil : UnsafePointer(residual.values(Int32.self)))
  }

  /// Computes output rows from an image, into the output's groups of channels from `group` on: `rows`, and before them
  /// the first `leading` ones. Together is quicker than apart.
  package func run(
    _ input: serd_int8_image, into output: serd_int8_image, group: Int = 0, leading: Int = 0, rows: Range<Int>
  ) {
    precondition(leading <= rows.lowerBound, "rows \(rows) overlap the first \(leading)")
    precondition(!readsPlanes && !isGlobal, "this layer reads the input planes or gives row sums")
    withUnsafePointer(to: input) { input in
      withUnsafePointer(to: output) {
        kernels.convolve_ends(
          &layer, input, $0, Int32(group), Int32(leading), Int32(rows.lowerBound), Int32(rows.upperBound))
      }
    }
  }

  /// Computes output rows from the one-channel input.
  package func run(_ input: InputPlanes, into output: serd_int8_image, group: Int, rows: Range<Int>) {
    precondition(readsPlanes, "this layer reads an image")
    withUnsafePointer(to: input.pointers) { input in
      withUnsafePointer(to: output) {
        kernels.convolve_plane(&layer, input, $0, Int32(group), Int32(rows.lowerBound), Int32(rows.upperBound))
      }
    }
  }

  /// Computes rows of activated sums over all columns, [row][paddedChannels], for the global pool.
  package func rowSums(_ input: serd_int8_image, into sums: UnsafeMutablePointer<Int32>, rows: Range<Int>) {
    precondition(isGlobal && !readsPlanes, "only the last layer gives row sums")
    withUnsafePointer(to: input) {
      kernels.row_sums(&layer, $0, sums, Int32(rows.lowerBound), Int32(rows.upperBound))
    }
  }

  /// The global pool: adds up all rows of sums and requantises, into `paddedChannels` bytes.
  package func pool(_ sums: UnsafePointer<Int32>, into vector: UnsafeMutablePointer<UInt8>) {
    kernels.pool_rows(&layer, sums, layer.height, vector)
  }
}
