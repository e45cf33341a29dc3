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
    (shape, self.frames, self.kernels, flip) = (encoder.shape, frames, kernels.table, int8Kernels.flip)
    convolutions = encoder.convolutions.map { PackedProduct($0, kernels: int8Kernels) }
    blocks = encoder.blocks.map { PackedBlock($0, kernels: int8Kernels) }
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
    for row in 0..<count { quantise(mel + row * bands, taps * bands, row: row, of: count) }
    multiply(convolutions[0], rows: count)
    for row in 0..<count {
      dequantise(convolutions[0], row: row, then: serd_encoder_gelu, into: convolved + (row + 1) * width)
    }
    let tokens = EncoderShape.tokens(inFrames: count)
    for row in 0..<tokens { quantise(convolved + 2 * row * width, taps * width, row: row, of: tokens) }
    multiply(convolutions[1], rows: tokens)
    for row in 0..<tokens {
      let output = values + row * width
      dequantise(convolutions[1], row: row, then: serd_encoder_gelu, into: output)
      kernels.add(output, floats(plan.positions) + row * width, Int32(width))
    }
    return tokens
  }

  /// Self-attention, added to the tokens.
  private func attend(_ block: PackedBlock, tokens: Int) {
    let (width, headWidth) = (shape.width, shape.headWidth)
    let all = floats(plan.queryKeyValue)
    normaliseAndQuantise(block.attentionNorm, tokens: tokens)
    multiply(block.queryKeyValue, rows: tokens)
    for row in 0..<tokens {
      let query = all + row * 3 * width
      dequantise(block.queryKeyValue, row: row, then: serd_encoder_store, into: query)
      kernels.scale(query, 1 / Float(headWidth).squareRoot(), Int32(width))
    }
    for head in 0..<shape.heads { attend(all + head * headWidth, tokens: tokens) }
    for row in 0..<tokens { quantise(all + row * 3 * width, width, row: row, of: tokens) }
    addProduct(block.out, tokens: tokens)
  }

  /// One head: what the queries find replaces them.
  private func attend(_ queries: UnsafeMutablePointer<Float>, tokens: Int) {
    let (width, headWidth) = (shape.width, Int32(shape.headWidth))
    let (stride, padded) = (3 * width, Int8EncoderPlan.padded(tokens))
    let (keys, scores) = (floats(plan.keys), floats(plan.scores))
    for token in 0..<tokens {
      let key = queries + token * stride + width
      for i in 0..<shape.headWidth { keys[i * padded + token] = key[i] }
    }
    for first in Swift.stride(from: 0, to: tokens, by: Int8EncoderPlan.queries) {
      let count = min(Int8EncoderPlan.queries, tokens - first)
      let some = queries + first * stride
      kernels.multiply(some, stride, keys, padded, scores, padded, Int32(count), headWidth, Int32(padded))
      for row in 0..<count {
        let weights = scores + row * padded
        let reciprocal = kernels.exponentials(weights, Int32(tokens))
        kernels.scale(weights, reciprocal, Int32(padded))
      }
      kernels.multiply(
        scores, padded, queries + 2 * width, stride, some, stride, Int32(count), Int32(tokens), headWidth)
    }
  }

  /// The perceptron, added to the tokens.
  private func perceive(_ block: PackedBlock, tokens: Int) {
    normaliseAndQuantise(block.perceptronNorm, tokens: tokens)
    multiply(block.up, rows: tokens)
    let hidden = floats(plan.row)
    for row in 0..<tokens {
      dequantise(block.up, row: row, then: serd_encoder_gelu, into: hidden)
      quantise(hidden, shape.hidden, row: row, of: tokens)
    }
    addProduct(block.down, tokens: tokens)
  }

  private func normaliseAndQuantise(_ norm: PackedNorm, tokens: Int) {
    let (width, row) = (shape.width, floats(plan.row))
    for token in 0..<tokens {
      kernels.normalise(floats(plan.tokenValues) + token * width, norm.weights, norm.biases, Int32(width), row)
      quantise(row, width, row: token, of: tokens)
    }
  }

  /// A product of the quantised rows, added to the tokens.
  private func addProduct(_ product: PackedProduct, tokens: Int) {
    multiply(product, rows: tokens)
    for token in 0..<tokens {
      dequantise(product, row: token, then: serd_encoder_add, into: floats(plan.tokenValues) + token * shape.width)
    }
  }

  // What the stages are made of. Row r of the quantised values has grid r, and gives row r of the sums.

  private var cells: UnsafeMutablePointer<UInt8> { (arena.start + plan.cells).assumingMemoryBound(to: UInt8.self) }
  private var sums: UnsafeMutablePointer<Int32> { (arena.start + plan.sums).assumingMemoryBound(to: Int32.self) }
  private var grids: UnsafeMutablePointer<serd_encoder_grid> {
    (arena.start + plan.grids).assumingMemoryBound(to: serd_encoder_grid.self)
  }

  private func quantise(_ values: UnsafePointer<Float>, _ count: Int, row: Int, of rows: Int) {
    grids[row] = kernels.quantise(values, Int32(count), flip, cells + 4 * row, 4 * Int8EncoderPlan.rowStride(rows))
  }

  private func multiply(_ product: PackedProduct, rows: Int) {
    product.multiply(cells, rowStride: Int8EncoderPlan.rowStride(rows), rows: rows, into: sums)
  }

  private func dequantise(
    _ product: PackedProduct, row: Int, then end: serd_encoder_end, into output: UnsafeMutablePointer<Float>
  ) {
    kernels.dequantise(
      sums + row * product.outputs, grids[row], product.sums, product.scales, product.biases, Int32(product.outputs),
      end,
      output)
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

  init(_ block: QuantisedEncoder.Block, kernels: serd_int8_kernels) {
    attentionNorm = PackedNorm(block.attentionNorm)
    queryKeyValue = PackedProduct(block.queryKeyValue, kernels: kernels)
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
