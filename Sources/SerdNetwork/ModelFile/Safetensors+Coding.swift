import FoundationEssentials

extension Safetensors {
  /// Longest header that is read; serd's own are under 64 KiB.
  static let longestHeader = 1 << 24

  /// Parses a file's bytes. Cost: one copy of the tensors.
  package init(parsing file: [UInt8]) throws(ModelFileError) {
    if let owner = Self.otherFormat(file) {
      throw ModelFileError("this is \(owner), not safetensors", advice: Self.asSafetensors)
    }
    guard file.count >= 8 else { throw ModelFileError("the file has \(file.count) bytes, too few for a header") }
    let headerLength = file[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard headerLength <= Self.longestHeader, Int(headerLength) <= file.count - 8 else {
      throw ModelFileError("the header says it has \(headerLength) bytes, the file has \(file.count)")
    }
    let dataStart = 8 + Int(headerLength)
    // JSONDecoder of Swift 6.0.3 crashes on a key that is not UTF-8.
    guard String(validating: file[8..<dataStart], as: UTF8.self) != nil else {
      throw ModelFileError("the header is not text")
    }
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(file[8..<dataStart]))
    } catch {
      throw ModelFileError("the header is not the JSON of a safetensors file")
    }
    self.init(metadata: header.metadata)
    var expectedStart = 0
    // By start, then by end: an empty tensor comes before the one that starts where it does.
    for (name, entry) in header.entries.sorted(by: { $0.value.place < $1.value.place }) {
      guard let dtype = DType(rawValue: entry.dtype) else {
        throw ModelFileError("tensor \"\(name)\" has the type \(entry.dtype), which is not known")
      }
      let range = try entry.range(name: name, dtype: dtype, dataLength: file.count - dataStart)
      guard range.lowerBound == expectedStart else {
        throw ModelFileError(
          "tensor \"\(name)\" starts at byte \(range.lowerBound), not \(expectedStart): an overlap or a hole")
      }
      expectedStart = range.upperBound
      let bytes = Array(file[dataStart + range.lowerBound..<dataStart + range.upperBound])
      insert(name, Tensor(dtype: dtype, shape: entry.shape, bytes: bytes))
    }
    guard expectedStart == file.count - dataStart else {
      throw ModelFileError("the tensors end at byte \(expectedStart), the data at \(file.count - dataStart)")
    }
  }

  private static let asSafetensors = "save it with safetensors.torch.save_file(model.state_dict(), PATH)"

  /// What a file is that people take for safetensors; nil for none of those.
  private static func otherFormat(_ file: [UInt8]) -> String? {
    // torch.save writes a ZIP archive, and wrote a pickle before version 1.6.
    if file.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return "a ZIP archive, as PyTorch's own file (torch.save) is" }
    if file.starts(with: [0x80, 0x02]), file.dropFirst(2).prefix(2) == [0x8A, 0x0A] {
      return "PyTorch's own old file"
    }
    return nil
  }

  /// The file's bytes: wide elements first so that all are aligned, then by name; the same content gives the same
  /// bytes.
  package func serialised() -> [UInt8] {
    let ordered = tensors.sorted { a, b in
      a.value.dtype.bits != b.value.dtype.bits ? a.value.dtype.bits > b.value.dtype.bits : a.key < b.key
    }
    var header = Header(metadata: metadata, entries: [:])
    var data: [UInt8] = []
    for (name, tensor) in ordered {
      header.entries[name] = HeaderEntry(
        dtype: tensor.dtype.rawValue, shape: tensor.shape, dataOffsets: [data.count, data.count + tensor.bytes.count])
      data += tensor.bytes
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Encoding strings and integers cannot fail.
    var json = Array(try! encoder.encode(header))
    json += Array(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init) + json + data
  }
}

/// The JSON header: `__metadata__` and one entry per tensor.
private struct Header: Codable {
  var metadata: [String: String]
  var entries: [String: HeaderEntry]

  private static let metadataKey = "__metadata__"

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(metadata: [String: String], entries: [String: HeaderEntry]) {
    self.metadata = metadata
    self.entries = entries
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    metadata = [:]
    entries = [:]
    for key in container.allKeys {
      if key.stringValue == Self.metadataKey {
        metadata = try container.decode([String: String].self, forKey: key)
      } else {
        entries[key.stringValue] = try container.decode(HeaderEntry.self, forKey: key)
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    if !metadata.isEmpty { try container.encode(metadata, forKey: Key(stringValue: Self.metadataKey)) }
    for (name, entry) in entries { try container.encode(entry, forKey: Key(stringValue: name)) }
  }
}

private struct HeaderEntry: Codable {
  let dtype: String
  let shape: [Int]
  let dataOffsets: [Int]

  enum CodingKeys: String, CodingKey {
    case dtype, shape
    case dataOffsets = "data_offsets"
  }

  var place: (Int, Int) { (dataOffsets.first ?? 0, dataOffsets.last ?? 0) }

  /// The tensor's byte range in the data, checked against its shape and the data's length.
  func range(name: String, dtype: Safetensors.DType, dataLength: Int) throws(ModelFileError) -> Range<Int> {
    guard dataOffsets.count == 2, dataOffsets[0] >= 0, dataOffsets[0] <= dataOffsets[1], dataOffsets[1] <= dataLength
    else {
      throw ModelFileError("tensor \"\(name)\" has offsets \(dataOffsets), the data has \(dataLength) bytes")
    }
    var bits = dtype.bits
    for side in shape {
      let (product, overflow) = bits.multipliedReportingOverflow(by: side)
      guard side >= 0, !overflow else { throw ModelFileError("tensor \"\(name)\" has the impossible shape \(shape)") }
      bits = product
    }
    guard bits % 8 == 0 else {
      throw ModelFileError("tensor \"\(name)\" of shape \(shape) has \(bits) bits, which are no whole bytes")
    }
    let size = bits / 8
    guard size == dataOffsets[1] - dataOffsets[0] else {
      throw ModelFileError(
        "tensor \"\(name)\" of shape \(shape) needs \(size) bytes, its offsets span \(dataOffsets[1] - dataOffsets[0])")
    }
    return dataOffsets[0]..<dataOffsets[1]
  }
}
