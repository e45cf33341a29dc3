/// Reads float32, C-order `.npy` files (NumPy format 1.0): enough for the golden values, nothing else.
package struct NPYFile {
  /// Length of each side, outermost first.
  package let shape: [Int]
  /// The values, row-major.
  package let values: [Float]

  /// - Parameter name: file name in `Golden.folder`.
  package init(golden name: String) throws {
    let bytes = try Golden.bytes(name)
    let headerLength = Int(bytes[8]) | Int(bytes[9]) << 8
    let header = String(decoding: bytes[10..<10 + headerLength], as: UTF8.self)
    precondition(
      header.contains("'<f4'") && header.contains("'fortran_order': False"), "unexpected npy header: \(header)")
    let shapeText = header.split(separator: "(")[1].split(separator: ")")[0]
    shape = shapeText.split(separator: ",").compactMap { Int($0.filter(\.isNumber)) }
    values = bytes[(10 + headerLength)...].withUnsafeBytes { raw in
      (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    precondition(values.count == shape.reduce(1, *), "\(name): \(values.count) values for shape \(shape)")
  }
}
