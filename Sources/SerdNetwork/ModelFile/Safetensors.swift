import FoundationEssentials

/// A safetensors file in memory: named tensors and string metadata.
///
/// Format (safetensors specification): 8 bytes little-endian header length N, N bytes of JSON, then the raw
/// little-endian, row-major tensors, back to back. Parsing trusts nothing: header length, JSON, dtypes, shapes,
/// offsets, overlaps and holes are checked, and a bad file gives one `ModelFileError`, never a crash.
///
/// Not a lazy reader: the whole file is held; models here are under 2 MiB.
package struct Safetensors: Sendable {
  /// Element types of the format. serd's own files have F32, I8, I32 and I64.
  package enum DType: String, Codable, CaseIterable, Sendable {
    case bool = "BOOL"
    case f4 = "F4"
    case f6e2m3 = "F6_E2M3"
    case f6e3m2 = "F6_E3M2"
    case f8e4m3 = "F8_E4M3"
    case f8e5m2 = "F8_E5M2"
    case f8e8m0 = "F8_E8M0"
    case f8e4m3fnuz = "F8_E4M3FNUZ"
    case f8e5m2fnuz = "F8_E5M2FNUZ"
    case u8 = "U8"
    case i8 = "I8"
    case u16 = "U16"
    case i16 = "I16"
    case f16 = "F16"
    case bf16 = "BF16"
    case u32 = "U32"
    case i32 = "I32"
    case f32 = "F32"
    case u64 = "U64"
    case i64 = "I64"
    case f64 = "F64"
    case c64 = "C64"

    /// Bits per element: elements of fewer than eight are packed.
    package var bits: Int {
      switch self {
      case .f4: 4
      case .f6e2m3, .f6e3m2: 6
      case .bool, .f8e4m3, .f8e5m2, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz, .u8, .i8: 8
      case .u16, .i16, .f16, .bf16: 16
      case .u32, .i32, .f32: 32
      case .u64, .i64, .f64, .c64: 64
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
    package var count: Int { bytes.count * 8 / dtype.bits }
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

  /// The values of a tensor of floats of any usual width (F16, BF16, F32, F64), rounded to F32. Checks its shape, and
  /// that all are finite.
  package func convertedFloats(_ name: String, shape: [Int]) throws(ModelFileError) -> [Float] {
    let values: [Float]
    switch tensors[name]?.dtype {
    case .bf16:
      let halves: [UInt16] = try tensor(name, .bf16, shape).values()
      values = halves.map { Float(bitPattern: UInt32($0) << 16) }
    case .f16:
      let halves: [UInt16] = try tensor(name, .f16, shape).values()
      values = halves.map(Float.init(halfPrecision:))
    case .f64:
      let doubles: [Double] = try tensor(name, .f64, shape).values()
      values = doubles.map { Float($0) }
    case nil, .f32:
      return try floats(name, shape: shape)
    case .some(let other):
      throw ModelFileError("tensor \"\(name)\" is \(other.rawValue)", advice: "save it as F32, F16, BF16 or F64")
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw ModelFileError("tensor \"\(name)\" holds \(values[bad]) at element \(bad), as F32")
    }
    return values
  }

  /// A JSON value of the metadata.
  package func decoded<Value: Decodable>(_ key: String) throws(ModelFileError) -> Value {
    try decodeMetadata(key, metadata)
  }

  /// Puts a value into the metadata, as JSON.
  package mutating func encode(_ key: String, _ value: some Encodable) { metadata[key] = encodeMetadata(value) }

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

extension Float {
  /// The value of an IEEE 754 half-precision number, by its bits.
  init(halfPrecision bits: UInt16) {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let fraction = Float(bits & 0x3FF) / 1024
    switch Int(bits >> 10 & 0x1F) {
    case 0: self = sign * fraction * 0x1p-14
    case 31: self = fraction == 0 ? sign * .infinity : .nan
    case let exponent: self = sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
    }
  }
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
