import CInt8Kernels
import SerdNetwork

/// A quantised product as an instruction set's kernels read it.
final class PackedProduct {
  let inputs: Int
  let outputs: Int
  private let kernels: serd_int8_kernels
  private let packed: AlignedMemory
  /// What the sums begin with, the sums of the weights, their scales, the biases: `outputs` values each.
  private let tables: AlignedMemory

  init(_ product: QuantisedProduct, kernels: serd_int8_kernels) {
    (inputs, outputs, self.kernels) = (product.inputs, product.outputs, kernels)
    let steps = Int32(inputs / 4)
    packed = AlignedMemory(byteCount: kernels.packed_matrix_size(Int32(outputs), steps))
    kernels.pack_matrix(product.weights, Int32(outputs), steps, packed.values(UInt8.self))
    tables = AlignedMemory(byteCount: 4 * outputs * MemoryLayout<Int32>.stride)
    product.weights.withUnsafeBufferPointer { weights in
      for output in 0..<outputs {
        var sum: Int32 = 0
        for i in output * inputs..<(output + 1) * inputs { sum &+= Int32(weights[i]) }
        starts[output] = kernels.flip == 0 ? 0 : -128 * sum
        sums[output] = sum
        scales[output] = product.scales[output]
        biases[output] = product.biases[output]
      }
    }
  }

  private var starts: UnsafeMutablePointer<Int32> { tables.values(Int32.self) }
  var sums: UnsafeMutablePointer<Int32> { tables.values(Int32.self) + outputs }
  var scales: UnsafeMutablePointer<Float> { tables.values(Float.self) + 2 * outputs }
  var biases: UnsafeMutablePointer<Float> { tables.values(Float.self) + 3 * outputs }
  var byteCount: Int { packed.byteCount + tables.byteCount }

  /// Sums of all products, [rows][outputs], of cells as `serd_int8_kernels.multiply` takes them.
  func multiply(_ cells: UnsafePointer<UInt8>, rows: Int, into sums: UnsafeMutablePointer<Int32>) {
    var matrix = serd_int8_matrix(
      channels: Int32(outputs), steps: Int32(inputs / 4), weights: packed.values(UInt8.self), biases: starts)
    kernels.multiply(&matrix, cells, Int32(rows), sums)
  }
}
