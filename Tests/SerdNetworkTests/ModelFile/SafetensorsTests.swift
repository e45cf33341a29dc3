import SerdNetwork
import SerdTestKit
import Testing

@Suite struct SafetensorsTests {
  /// A file with the given header and data.
  private func file(_ header: String, data: [UInt8] = []) -> [UInt8] {
    let json = Array(header.utf8)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init) + json + data
  }

  @Test("A file that PyTorch wrote is read")
  func readsWhatPyTorchWrote() throws {
    let file = try Golden.network("report")
    #expect(file.metadata["variant"] == "report")
    #expect(try file.floats("input", shape: [3, 1, 37, 40]).count == 3 * 37 * 40)
    #expect(try file.int64s("labels", shape: [3]) == [0, 3, 6])
    #expect(try file.floats("param.path1.act.weight", shape: [4]).allSatisfy { $0 > -1 && $0 < 1 })
  }

  @Test("Metadata and tensors are the same after writing and reading, and tensors start aligned")
  func roundTripKeepsEverything() throws {
    var file = Safetensors(metadata: ["a": "ü \"quoted\"\n", "b": ""])
    file.set("floats", shape: [2, 3], floats: [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1, -1])
    file.set("bytes", shape: [3], int8s: [-128, 0, 127])
    file.set("integers", shape: [1, 2], int32s: [.min, .max])
    file.set("empty", shape: [0, 7], floats: [])
    let bytes = file.serialised()
    let again = try Safetensors(parsing: bytes)
    #expect(again.metadata == file.metadata)
    #expect(again.tensors == file.tensors)
    #expect(again.serialised() == bytes)
    #expect(bytes.count % 8 == 6 || (8 + Int(bytes[0])) % 8 == 0, "tensors start aligned")
    #expect(try again.int8s("bytes") == [-128, 0, 127])
  }

  @Test("A tensor that is missing, of another type or shape, or no numbers is refused")
  func wrongUseIsNamed() throws {
    let file = try Golden.network("paper")
    #expect(throws: ModelFileError.self) { try file.floats("nothing") }
    #expect(throws: ModelFileError.self) { try file.int8s("input") }
    #expect(throws: ModelFileError.self) { try file.floats("input", shape: [3, 37, 40]) }
    var bad = Safetensors()
    bad.set("x", shape: [2], floats: [1, .nan])
    #expect(throws: ModelFileError.self) { try bad.floats("x") }
  }

  @Test(
    "Hostile headers are refused",
    arguments: [
      "", "{", "[]", "null", "{\"a\":1}", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}",
      "{\"a\":{\"dtype\":\"F65\",\"shape\":[1],\"data_offsets\":[0,8]}}",
      "{\"a\":{\"dtype\":\"F4\",\"shape\":[15],\"data_offsets\":[0,8]}}",
      "{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,8]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4,8]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,9223372036854775807]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
      "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":\"\"}",
    ])
  func hostileHeadersAreRefused(header: String) {
    #expect(throws: ModelFileError.self) { try Safetensors(parsing: file(header, data: Array(repeating: 0, count: 8))) }
  }

  @Test("Hostile lengths, broken text and deep nesting are refused")
  func hostileLengthsAreRefused() {
    for length in [UInt64(1), 7, 1 << 24, 1 << 32, .max] {
      let bytes = withUnsafeBytes(of: length.littleEndian, Array.init) + Array("{}".utf8)
      #expect(throws: ModelFileError.self) { try Safetensors(parsing: bytes) }
    }
    #expect(throws: ModelFileError.self) { try Safetensors(parsing: []) }
    var broken = file("{\"abc\":{}}")
    broken[11] = 0xC3  // half a character in a key
    #expect(throws: ModelFileError.self) { try Safetensors(parsing: broken) }
    let nested = String(repeating: "[", count: 100_000)
    #expect(throws: ModelFileError.self) { try Safetensors(parsing: file(nested)) }
  }

  @Test("Every type of the format is known by its size", arguments: Safetensors.DType.allCases)
  func everyTypeIsKnown(dtype: Safetensors.DType) throws {
    // Eight elements are whole bytes of any type.
    let size = dtype.bits
    let header = "{\"a\":{\"dtype\":\"\(dtype.rawValue)\",\"shape\":[2,4],\"data_offsets\":[0,\(size)]}}"
    let read = try Safetensors(parsing: file(header, data: Array(repeating: 1, count: size)))
    #expect(read.tensors["a"]?.dtype == dtype && read.tensors["a"]?.count == 8)
    #expect(try Safetensors(parsing: read.serialised()).tensors == read.tensors)
  }

  @Test("Floats of other widths are converted, and other types refused by name")
  func convertedFloats() throws {
    func converted(_ type: String, _ data: [UInt8]) throws(ModelFileError) -> [Float] {
      let bits = Safetensors.DType(rawValue: type)!.bits
      let count = data.count * 8 / bits
      let header = "{\"a\":{\"dtype\":\"\(type)\",\"shape\":[\(count)],\"data_offsets\":[0,\(data.count)]}}"
      return try Safetensors(parsing: file(header, data: data)).convertedFloats("a", shape: [count])
    }
    func bytes<Value>(_ values: [Value]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }
    // 1, -2, the largest, the smallest normal, the smallest, minus zero.
    let halves: [UInt16] = [0x3C00, 0xC000, 0x7BFF, 0x0400, 0x0001, 0x8000]
    #expect(try converted("F16", bytes(halves)) == [1, -2, 65504, 0x1p-14, 0x1p-24, -0.0])
    #expect(try converted("BF16", bytes([UInt16(0x3F80), 0xC000, 0x4049])) == [1, -2, 3.140625])
    #expect(try converted("F64", bytes([Double(0.1), -3])) == [0.1, -3])
    #expect(try converted("F32", bytes([Float(0.1), -3])) == [0.1, -3])
    for (type, data) in [("F16", bytes([UInt16(0x7C00)])), ("BF16", bytes([UInt16(0x7FC0)])), ("F64", bytes([1e300]))] {
      #expect(throws: ModelFileError.self, "\(type)") { try converted(type, data) }
    }
    let refusal = thrown(ModelFileError.self) { try converted("F8_E4M3", [1, 2]) }
    #expect(refusal?.description == "tensor \"a\" is F8_E4M3; save it as F32, F16, BF16 or F64")
  }

  @Test(
    "PyTorch's own file is named",
    arguments: [[0x50, 0x4B, 3, 4, 0, 0, 0, 0, 8, 8], [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC]])
  func pyTorchsOwnFile(bytes: [UInt8]) {
    let error = thrown(ModelFileError.self) { try Safetensors(parsing: bytes) }
    #expect(error?.problem.contains("PyTorch's own") == true && error?.advice.contains("save_file") == true)
  }
}
