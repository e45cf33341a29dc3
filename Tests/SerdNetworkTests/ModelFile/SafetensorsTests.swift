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
      "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
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
}
