import CEncoderKernels
import Glibc
import SerdEncoder
import SerdTestKit
import Testing

/// Each loop of CEncoderKernels against `EncoderArithmetic`, to the bit.
@Suite("The encoder's loops")
struct EncoderKernelTests {
  private static func values(_ count: Int, _ range: ClosedRange<Float>, seed: UInt64) -> [Float] {
    var generator = TestGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: range, using: &generator) }
  }

  private static let counts = [16, 32, 80, 512]

  @Test("Layer norm", arguments: counts)
  func normalise(count: Int) {
    let norm = LayerNorm(weights: Self.values(count, -2...2, seed: 1), biases: Self.values(count, -1...1, seed: 2))
    for range: ClosedRange<Float> in [-1...1, 100...100.5, 0...0] {
      let row = Self.values(count, range, seed: 3)
      for kernels in EncoderKernels.all {
        var out = [Float](repeating: .nan, count: count)
        kernels.table.normalise(row, norm.weights, norm.biases, Int32(count), &out)
        #expect(out == EncoderArithmetic.normalised(row, norm), "\(kernels.name)")
      }
    }
  }

  @Test("A row's grid and its bytes", arguments: counts)
  func quantise(count: Int) {
    let ranges: [ClosedRange<Float>] = [-1...1, 0...3, -5...(-4), 2...2.1, 0...0, -0.17...6, 1e-20...1e-19, -1e9...1e9]
    for (index, range) in ranges.enumerated() {
      let row = Self.values(count, range, seed: UInt64(index))
      let (expected, grid) = EncoderArithmetic.quantised(row)
      for kernels in EncoderKernels.all {
        for flip: UInt8 in [0, 0x80] {
          let stride = 20
          var cells = [UInt8](repeating: 0x55, count: count / 4 * stride)
          let found = kernels.table.quantise(row, Int32(count), flip, &cells, stride)
          #expect(found.scale == grid.scale && found.zero == grid.zero, "\(kernels.name), \(range)")
          let bytes = (0..<count).map { Int8(bitPattern: cells[$0 / 4 * stride + $0 % 4] ^ flip) }
          #expect(bytes == expected, "\(kernels.name), \(range)")
          #expect(cells.indices.allSatisfy { $0 % stride < 4 || cells[$0] == 0x55 })
        }
      }
    }
  }

  @Test("Values are at most half a step from their bytes")
  func quantisationError() {
    for range: ClosedRange<Float> in [-1...1, -0.17...6, 2...2.1] {
      let row = Self.values(512, range, seed: 1)
      let (bytes, grid) = EncoderArithmetic.quantised(row)
      #expect(zip(row, bytes).allSatisfy { abs(Float(Int32($1) - grid.zero) * grid.scale - $0) <= 0.501 * grid.scale })
    }
  }

  @Test("Sums to values, GELU and addition", arguments: counts)
  func dequantise(count: Int) {
    var generator = TestGenerator(seed: 5)
    let product = QuantisedProduct(
      weights: (0..<count * 4).map { _ in Int8.random(in: -64...64, using: &generator) },
      scales: Self.values(count, 0.001...0.01, seed: 6), biases: Self.values(count, -1...1, seed: 7))
    let (row, grid) = EncoderArithmetic.quantised([0.5, -1, 2, -3])
    let plain = EncoderArithmetic.product(row, grid, product)
    func sum(_ output: Int, _ factor: (Int) -> Int32) -> Int32 {
      (0..<4).reduce(0) { $0 + factor($1) * Int32(product.weights[output * 4 + $1]) }
    }
    let sums = (0..<count).map { sum($0) { Int32(row[$0]) } }
    let weightSums = (0..<count).map { sum($0) { _ in 1 } }
    let before = Self.values(count, -1...1, seed: 8)
    for kernels in EncoderKernels.all {
      func out(_ end: serd_encoder_end) -> [Float] {
        var out = before
        kernels.table.dequantise(
          sums, serd_encoder_grid(scale: grid.scale, zero: grid.zero), weightSums, product.scales, product.biases,
          Int32(count), end, &out)
        return out
      }
      #expect(out(serd_encoder_store) == plain)
      #expect(out(serd_encoder_gelu) == plain.map(EncoderArithmetic.gelu))
      #expect(out(serd_encoder_add) == zip(before, plain).map { $0 + $1 })
    }
  }

  @Test("Products of floats, and the softmax", arguments: [1, 2, 7, 16, 33, 61])
  func attention(count: Int) {
    let depth = 5
    let (a, b) = (Self.values(count * depth, -3...3, seed: 1), Self.values(depth * 64, -3...3, seed: 2))
    let expected = (0..<count).map { row in
      (0..<64).map { column in
        EncoderArithmetic.dotProduct(a[row * depth..<(row + 1) * depth], (0..<depth).map { b[$0 * 64 + column] })
      }
    }
    for kernels in EncoderKernels.all {
      var out = [Float](repeating: .nan, count: count * 64)
      kernels.table.multiply(a, depth, b, 64, &out, 64, Int32(count), Int32(depth), 64)
      #expect(out == expected.flatMap { $0 }, "\(kernels.name)")
      // `count` of the values; what is after them is lost.
      var row = Self.values(64, -20...20, seed: 3)
      let softmax = EncoderArithmetic.softmax(Array(row[..<count]))
      kernels.table.softmax(&row, Int32(count))
      let end = (count + 15) / 16 * 16
      #expect(Array(row[..<end]) == softmax + [Float](repeating: 0, count: end - count), "\(kernels.name)")
    }
  }

  @Test("Rows become columns, by fours")
  func transpose() {
    let values = Self.values(12 * 20, -1...1, seed: 1)
    for kernels in EncoderKernels.all {
      var out = [Float](repeating: .nan, count: 16 * 13)
      kernels.table.transpose(values, 20, 10, 16, &out, 13)
      for column in 0..<16 {
        let expected = (0..<10).map { values[$0 * 20 + column] }
        #expect(Array(out[column * 13..<column * 13 + 10]) == expected, "\(kernels.name)")
      }
    }
  }

  @Test("Means and deviations of columns")
  func pool() {
    let (rows, count) = (13, 48)
    let values = Self.values(rows * count, -1...3, seed: 1)
    let expected = (0..<count).map { column in
      EncoderArithmetic.moments((0..<rows).map { values[$0 * count + column] })
    }
    for kernels in EncoderKernels.all {
      var (means, deviations) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
      kernels.table.pool(values, Int32(rows), Int32(count), &means, &deviations)
      #expect(means == expected.map(\.mean) && deviations == expected.map(\.deviation), "\(kernels.name)")
    }
  }

  @Test("The polynomials are near what they stand for")
  func polynomials() {
    for x in stride(from: Float(-12), through: 12, by: 1 / 512) {
      let exact = 0.5 * Double(x) * (1 + erf(Double(x) / 2.0.squareRoot()))
      #expect(abs(Double(EncoderArithmetic.gelu(x)) - exact) < 5.1e-5, "\(x)")
    }
    for x in stride(from: Float(-87), through: 0, by: 1 / 128) {
      #expect(abs(Double(EncoderArithmetic.exponential(x)) / exp(Double(x)) - 1) < 3e-7, "\(x)")
    }
    #expect(EncoderArithmetic.exponential(0) == 1 && EncoderArithmetic.exponential(-1e9) > 0)
  }
}
