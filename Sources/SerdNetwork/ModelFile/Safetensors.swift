import FoundationEssentials

/// A safetensors file in memory: named tensors and string metadata.
///
/// Format (safetensors specification): 8 bytes little-endian header length N, N bytes of JSON, then the raw
/// little-endian, row-major tensors, back to back. Parsing trusts nothing: header length, JSON, dtypes, shapes,
/// offsets, overlaps and holes are checked, and a bad file gives one `ModelFileError`, never a crash.
///
/// Not a lazy reader: the whole file is held; models here are under 2 MiB.
package struct Safetensors: Sendable {
  /// Element types that serd's files use.
  package enum DType: String, Codable, Sendable {
    case f32 = "F32"
    case i8 = "I8"
    case i32 = "I32"
    case i64 = "I64"

    /// Bytes per element.
    package var size: Int {
      switch self {
      case .i8: 1
      case .f32, .i32: 4
      case .i64: 8
      }
    }
  }

  /// A tensor: element type, shape, and its bytes (little-endian, row-major).
  package struct Tensor: Equatable, Sendable {
    /// Element type.
    package let dtype: DType
    /// Length of each side, outermost first.
    package let shape: [Int]
    /// The elements' bytes.
    package let bytes: [UInt8]

    /// Number of elements.
    package var count: Int { bytes.count / dtype.size }
  }

  /// The header's `__metadata__`.
  package var metadata: [String: String]
  /// Tensors by name.
  package private(set) var tensors: [String: Tensor]

  /// An empty file, to be filled with `set`.
  package init(metadata: [String: String] = [:]) {
    self.metadata = metadata
    tensors = [:]
  }

  /// Stores a tensor. The number of values must be the product of the shape.
  package mutating func set(_ name: String, shape: [Int], floats: [Float]) {
    tensors[name] = Tensor(dtype: .f32, shape: shape, values: floats)
  }

  /// Stores a tensor of int8 values.
  package mutating func set(_ name: String, shape: [Int], int8s: [Int8]) {
    tensors[name] = Tensor(dtype: .i8, shape: shape, values: int8s)
  }

  /// Stores a tensor of int32 values.
  package mutating func set(_ name: String, shape: [Int], int32s: [Int32]) {
    tensors[name] = Tensor(dtype: .i32, shape: shape, values: int32s)
  }

  /// Stores a tensor of int64 values.
  package mutating func set(_ name: String, shape: [Int], int64s: [Int64]) {
    tensors[name] = Tensor(dtype: .i64, shape: shape, values: int64s)
  }

  /// The values of an F32 tensor; with `shape`, also checks that it has this shape and only finite values.
  package func floats(_ name: String, shape: [Int]? = nil) throws(ModelFileError) -> [Float] {
    let values: [Float] = try tensor(name, .f32, shape).values()
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw ModelFileError("tensor \"\(name)\" holds \(values[bad]) at element \(bad)")
    }
    return values
  }

  /// The values of an I8 tensor, its shape checked if given.
  package func int8s(_ name: String, shape: [Int]? = nil) throws(ModelFileError) -> [Int8] {
    try tensor(name, .i8, shape).values()
  }

  /// The values of an I32 tensor, its shape checked if given.
  package func int32s(_ name: String, shape: [Int]? = nil) throws(ModelFileError) -> [Int32] {
    try tensor(name, .i32, shape).values()
  }

  /// The values of an I64 tensor (labels in golden files).
  package func int64s(_ name: String, shape: [Int]? = nil) throws(ModelFileError) -> [Int64] {
    try tensor(name, .i64, shape).values()
  }

  private func tensor(_ name: String, _ dtype: DType, _ shape: [Int]?) throws(ModelFileError) -> Tensor {
    guard let tensor = tensors[name] else { throw ModelFileError("there is no tensor \"\(name)\"") }
    guard tensor.dtype == dtype else {
      throw ModelFileError("tensor \"\(name)\" is \(tensor.dtype.rawValue), not \(dtype.rawValue)")
    }
    if let shape, shape != tensor.shape {
      throw ModelFileError("tensor \"\(name)\" has shape \(tensor.shape), not \(shape)")
    }
    return tensor
  }

  mutating func insert(_ name: String, _ tensor: Tensor) { tensors[name] = tensor }
}

extension Safetensors.Tensor {
  // Both supported architectures (x86-64, arm64) are little-endian, as the format is.
  fileprivate init<Value: BitwiseCopyable>(dtype: Safetensors.DType, shape: [Int], values: [Value]) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill shape \(shape)")
    self.init(dtype: dtype, shape: shape, bytes: values.withUnsafeBytes { Array($0) })
  }

  fileprivate func values<Value: BitwiseCopyable>() -> [Value] {
    Array(unsafeUninitializedCapacity: count) { values, initialized in
      UnsafeMutableRawBufferPointer(values).copyBytes(from: bytes.prefix(count * MemoryLayout<Value>.stride))
      initialized = count
    }
  }
}
