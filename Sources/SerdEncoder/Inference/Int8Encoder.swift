import CEncoderKernels
import CInt8Kernels
import SerdNetwork

/// The int8 encoder on the kernels of an instruction set. The answers are those of `Int8ReferenceEncoder`, to the bit.
///
/// All activations lie in one block of memory that is allocated with the encoder; pooling allocates nothing. Not safe
/// to share between threads.
package final class Int8Encoder: SpeechEncoder {
  package let shape: EncoderShape
  /// Longest window.
  package let frames: Int
  /// Bytes of all activations.
  package var arenaByteCount: Int { plan.byteCount }
  /// Bytes of the packed weights and their tables.
  package var weightByteCount: Int {
    (convolutions + blocks.flatMap { [$0.queryKeyValue, $0.out, $0.up, $0.down] }).reduce(0) { $0 + $1.byteCount }
  }

  private let flip: UInt8
  private let tileRows: Int32
  private let kernels: serd_encoder_kernels
  private let convolutions: [PackedProduct]
  private let blocks: [PackedBlock]
  private let plan: Int8EncoderPlan
  private let arena: AlignedMemory

  /// Packs the weights: a copy of the encoder's, in memory, besides the activations.
  ///
  /// - Parameter frames: of the longest window.
  package init(
    _ encoder: QuantisedEncoder, frames: Int, instructionSet: InstructionSet = .best, kernels: EncoderKernels = .best
  ) {
    let int8Kernels = instructionSet.kernels
    (shape, self.frames, self.kernels) = (encoder.shape, frames, kernels.table)
    (flip, tileRows) = (int8Kernels.flip, int8Kernels.tile_rows)
    precondition(tileRows <= Int8EncoderPlan.highestTile)
    convolutions = encoder.convolutions.map { PackedProduct($0, kernels: int8Kernels) }
    blocks = encoder.blocks.map { [shape] in PackedBlock($0, shape, kernels: int8Kernels) }
    plan = Int8EncoderPlan(shape: shape, frames: frames)
    arena = AlignedMemory(byteCount: plan.byteCount)
    let table = Matrix.positions(rows: plan.tokens, columns: shape.width).values
    floats(plan.positions).update(from: table, count: table.count)
  }

  package func pool(
    _ frames: UnsafePointer<Float>, count: Int, offset: Float, into features: UnsafeMutablePointer<Float>
  ) {
    precondition((2...self.frames).contains(count), "a window of \(count) frames; this encoder takes \(self.frames)")
    let tokens = embed(frames, count: count, offset: offset)
    for (index, block) in blocks.enumerated() {
      attend(block, tokens: tokens)
      perceive(block, tokens: tokens)
      let means = features + index * 2 * shape.width
      kernels.pool(floats(plan.tokenValues), Int32(tokens), Int32(shape.width), means, means + shape.width)
    }
  }

  /// The tokens after the last `pool`: the last block's output.
  package func tokens(count: Int) -> Matrix {
    Matrix(
      Array(UnsafeBufferPointer(start: floats(plan.tokenValues), count: count * shape.width)), columns: shape.width)
  }

  private func floats(_ offset: Int) -> UnsafeMutablePointer<Float> {
    (arena.start + offset).assumingMemoryBound(to: Float.self)
  }

  // The stages, in their order.

  /// Both convolutions and the positions; returns the number of tokens.
  private func embed(_ frames: UnsafePointer<Float>, count: Int, offset: Float) -> Int {
    let (width, bands, taps) = (shape.width, EncoderShape.bands, EncoderShape.taps)
    let (mel, convolved, values) = (floats(plan.mel), floats(plan.convolved), floats(plan.tokenValues))
    LogMelWindow.scale(frames, count: count * bands, offset: offset, into: mel + bands)
    // Those before the first row are never written.
    (mel + (count + 1) * bands).update(repeating: 0, count: bands)
    (convolved + (count + 1) * width).update(repeating: 0, count: width)
    inGroups(of: count) { first, count in
      for row in 0..<count { quantise(mel + (first + row) * bands, taps * bands, row: row, of: count) }
      multiply(convolutions[0], rows: count, then: serd_encoder_gelu, into: convolved + (first + 1) * width)
    }
    let tokens = EncoderShape.tokens(inFrames: count)
    inGroups(of: tokens) { first, count in
      for row in 0..<count { quantise(convolved + 2 * (first + row) * width, taps * width, row: row, of: count) }
      multiply(convolutions[1], rows: count, then: serd_encoder_gelu, into: values + first * width)
    }
    kernels.add(values, floats(plan.positions), Int32(tokens * width))
    return tokens
  }

  /// Self-attention, added to the tokens.
  private func attend(_ block: PackedBlock, tokens: Int) {
    let (width, headWidth) = (shape.width, shape.headWidth)
    let all = floats(plan.queryKeyValue)
    inGroups(of: tokens) { first, count in
      normaliseAndQuantise(block.attentionNorm, first: first, count: count)
      multiply(block.queryKeyValue, rows: count, then: serd_encoder_store, into: all + first * 3 * width)
    }
    for head in 0..<shape.heads { attend(all + head * headWidth, tokens: tokens) }
    inGroups(of: tokens) { first, count in
      for row in 0..<count { quantise(all + (first + row) * 3 * width, width, row: row, of: count) }
      addProduct(block.out, first: first, count: count)
    }
  }

  /// One head: what the queries find replaces them.
  private func attend(_ queries: UnsafeMutablePointer<Float>, tokens: Int) {
    let (width, headWidth) = (shape.width, Int32(shape.headWidth))
    let (stride, padded) = (3 * width, Int8EncoderPlan.padded(tokens))
    let (keys, scores) = (floats(plan.keys), floats(plan.scores))
    kernels.transpose(queries + width, stride, Int32(tokens), headWidth, keys, padded)
    for first in Swift.stride(from: 0, to: tokens, by: Int8EncoderPlan.queries) {
      let count = min(Int8EncoderPlan.queries, tokens - first)
      let some = queries + first * stride
      kernels.multiply(some, stride, keys, padded, scores, padded, Int32(count), headWidth, Int32(padded))
      for row in 0..<count { kernels.softmax(scores + row * padded, Int32(tokens)) }
      kernels.multiply(
        scores, padded, queries + 2 * width, stride, some, stride, Int32(count), Int32(tokens), headWidth)
    }
  }

  /// The perceptron, added to the tokens.
  private func perceive(_ block: PackedBlock, tokens: Int) {
    let hidden = floats(plan.row)
    inGroups(of: tokens) { first, count in
      normaliseAndQuantise(block.perceptronNorm, first: first, count: count)
      block.up.multiply(cells, rows: count, into: sums)
      // Not where the sums are: that would write back what nobody reads.
      for row in 0..<count {
        dequantise(block.up, sums + row * shape.hidden, row: row, then: serd_encoder_gelu, into: hidden)
        quantise(hidden, shape.hidden, row: row, of: count)
      }
      addProduct(block.down, first: first, count: count)
    }
  }

  private func normaliseAndQuantise(_ norm: PackedNorm, first: Int, count: Int) {
    let (width, normalised) = (shape.width, floats(plan.row))
    for row in 0..<count {
      let token = floats(plan.tokenValues) + (first + row) * width
      kernels.normalise(token, norm.weights, norm.biases, Int32(width), normalised)
      quantise(normalised, width, row: row, of: count)
    }
  }

  /// A product of the quantised rows, added to the tokens.
  private func addProduct(_ product: PackedProduct, first: Int, count: Int) {
    product.multiply(cells, rows: count, into: sums)
    for row in 0..<count {
      let token = floats(plan.tokenValues) + (first + row) * shape.width
      dequantise(product, sums + row * shape.width, row: row, then: serd_encoder_add, into: token)
    }
  }

  /// All rows in groups of about the same size, of at most `Int8EncoderPlan.rows`.
  private func inGroups(of rows: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    var first = 0
    while first < rows {
      let groups = (rows - first + Int8EncoderPlan.rows - 1) / Int8EncoderPlan.rows
      let count = (rows - first + groups - 1) / groups
      body(first, count)
      first += count
    }
  }

  // What the stages are made of. Row r of the quantised group has grid r, and gives row r of the sums.

  private var cells: UnsafeMutablePointer<UInt8> { (arena.start + plan.cells).assumingMemoryBound(to: UInt8.self) }
  private var sums: UnsafeMutablePointer<Int32> { ints(floats(plan.sums)) }
  private var grids: UnsafeMutablePointer<serd_encoder_grid> {
    (arena.start + plan.grids).assumingMemoryBound(to: serd_encoder_grid.self)
  }

  private func quantise(_ values: UnsafePointer<Float>, _ count: Int, row: Int, of rows: Int) {
    let height = Int(serd_int8_tile_height(tileRows, Int32(rows)))
    let cell = cells + row / height * height * count + row % height * 4
    grids[row] = kernels.quantise(values, Int32(count), flip, cell, height * 4)
  }

  /// A product of the quantised rows. The values take the place of the sums.
  private func multiply(
    _ product: PackedProduct, rows: Int, then end: serd_encoder_end, into output: UnsafeMutablePointer<Float>
  ) {
    product.multiply(cells, rows: rows, into: ints(output))
    for row in 0..<rows {
      let values = output + row * product.outputs
      dequantise(product, ints(values), row: row, then: end, into: values)
    }
  }

  private func dequantise(
    _ product: PackedProduct, _ sums: UnsafePointer<Int32>, row: Int, then end: serd_encoder_end,
    into output: UnsafeMutablePointer<Float>
  ) {
    kernels.dequantise(
      sums, grids[row], product.sums, product.scales, product.biases, Int32(product.outputs), end, output)
  }

  /// The same memory for sums.
  private func ints(_ floats: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(floats).assumingMemoryBound(to: Int32.self)
  }
}

/// A block as the kernels read it.
private final class PackedBlock {
  let attentionNorm: PackedNorm
  let queryKeyValue: PackedProduct
  let out: PackedProduct
  let perceptronNorm: PackedNorm
  let up: PackedProduct
  let down: PackedProduct

  init(_ block: QuantisedEncoder.Block, _ shape: EncoderShape, kernels: serd_int8_kernels) {
    attentionNorm = PackedNorm(block.attentionNorm)
    queryKeyValue = PackedProduct(block.queryKeyValue.scalingQueries(of: shape), kernels: kernels)
    out = PackedProduct(block.out, kernels: kernels)
    perceptronNorm = PackedNorm(block.perceptronNorm)
    up = PackedProduct(block.up, kernels: kernels)
    down = PackedProduct(block.down, kernels: kernels)
  }
}

private final class PackedNorm {
  private let memory: AlignedMemory
  private let count: Int
  var weights: UnsafePointer<Float> { UnsafePointer(memory.values(Float.self)) }
  var biases: UnsafePointer<Float> { weights + count }

  init(_ norm: LayerNorm) {
    memory = AlignedMemory(norm.weights + norm.biases)
    count = norm.weights.count
  }
}
