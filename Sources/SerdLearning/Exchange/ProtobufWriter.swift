/// Writes protocol-buffer messages (the wire format of protobuf.dev/programming-guides/encoding): the four kinds of
/// fields that ONNX files are made of.
///
/// Not a reader, and knows no schema: the field numbers are the caller's.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  /// An integer, boolean or enumeration. A negative one takes ten bytes, as the format has it.
  mutating func integer(_ field: Int, _ value: Int) {
    key(field, wireType: 0)
    variableLength(UInt64(bitPattern: Int64(value)))
  }

  /// A float, in four bytes.
  mutating func float(_ field: Int, _ value: Float) {
    key(field, wireType: 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  /// Raw bytes.
  mutating func data(_ field: Int, _ value: [UInt8]) {
    key(field, wireType: 2)
    variableLength(UInt64(value.count))
    bytes += value
  }

  /// Text, in UTF-8.
  mutating func text(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }

  /// A message in the message.
  mutating func message(_ field: Int, _ fill: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    fill(&inner)
    data(field, inner.bytes)
  }

  private mutating func key(_ field: Int, wireType: UInt64) { variableLength(UInt64(field) << 3 | wireType) }

  /// Seven bits a byte, the least first; the high bit says that more follow.
  private mutating func variableLength(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
