import CInt8Kernels
import SerdEncoder
import SerdNetwork
import SerdTestKit
import Testing

/// `serd_int8_kernels.multiply` against sums in plain Swift, all memory between guard pages.
@Suite("Products of bytes")
struct ProductKernelTests {
  /// Each a multiple of 4 inputs and of 16 outputs, as the encoder has them; half a panel at the end.
  private static let sizes = [(inputs: 4, outputs: 16), (20, 48), (64, 32), (240, 80)]

  @Test("Every instruction set gives the sums, for every height of a tile", arguments: [false, true])
  func sums(isExtreme: Bool) {
    var generator = TestGenerator(seed: 3)
    for (inputs, outputs) in Self.sizes {
      let weights = Self.weights(inputs * outputs, isExtreme: isExtreme, &generator)
      for rows in Array(1...31) + [100] {
        let input = (0..<rows * inputs).map { _ in
          isExtreme ? [-128, 127].randomElement(using: &generator)! : Int8.random(in: -128...127, using: &generator)
        }
        let expected = (0..<rows * outputs).map { place in
          (0..<inputs).reduce(Int32(0)) {
            $0 + Int32(input[place / outputs * inputs + $1]) * Int32(weights[place % outputs * inputs + $1])
          }
        }
        for set in InstructionSet.available {
          let sums = Self.sums(input, weights, rows: rows, inputs: inputs, outputs: outputs, kernels: set.kernels)
          #expect(sums == expected, "\(set.name): \(rows) × \(inputs) × \(outputs)")
        }
      }
    }
  }

  /// Neighbours of at most 128 together; the extreme ones of just that.
  private static func weights(_ count: Int, isExtreme: Bool, _ generator: inout TestGenerator) -> [Int8] {
    (0..<count / 2).flatMap { _ in
      let first =
        isExtreme ? [1, 64, 127].randomElement(using: &generator)! : Int.random(in: 1...127, using: &generator)
      let rest = QuantisedProduct.largestPair - first
      let sign = Bool.random(using: &generator) ? 1 : -1
      return [Int8(sign * first), Int8(sign * (isExtreme ? rest : Int.random(in: 0...rest, using: &generator)))]
    }
  }

  private static func sums(
    _ input: [Int8], _ weights: [Int8], rows: Int, inputs: Int, outputs: Int, kernels: serd_int8_kernels
  ) -> [Int32] {
    let steps = inputs / 4
    let packed = AlignedMemory(byteCount: kernels.packed_matrix_size(Int32(outputs), Int32(steps)))
    kernels.pack_matrix(weights, Int32(outputs), Int32(steps), packed.values(UInt8.self))
    let starts = (0..<outputs).map { output in
      kernels.flip == 0
        ? 0 : -128 * weights[output * inputs..<(output + 1) * inputs].reduce(Int32(0)) { $0 + Int32($1) }
    }
    let height = Int(serd_int8_tile_height(kernels.tile_rows, Int32(rows)))
    let tiles = (rows + height - 1) / height
    let cells = GuardedMemory(byteCount: tiles * height * inputs + Int(SERD_INT8_SLACK), touching: .last)
    for row in 0..<rows {
      for i in 0..<inputs {
        cells.start.storeBytes(
          of: UInt8(bitPattern: input[row * inputs + i]) ^ kernels.flip,
          toByteOffset: ((row / height * steps + i / 4) * height + row % height) * 4 + i % 4,
          as: UInt8.self)
      }
    }
    let sums = GuardedMemory(byteCount: rows * outputs * 4, alignment: 4, touching: .last)
    starts.withUnsafeBufferPointer { starts in
      var matrix = serd_int8_matrix(
        channels: Int32(outputs), steps: Int32(steps), weights: packed.values(UInt8.self), biases: starts.baseAddress)
      kernels.multiply(
        &matrix, cells.start.assumingMemoryBound(to: UInt8.self), Int32(rows),
        sums.start.assumingMemoryBound(to: Int32.self))
    }
    return (0..<rows * outputs).map { sums.start.load(fromByteOffset: 4 * $0, as: Int32.self) }
  }
}
