import Glibc

/// File names are bytes to the system, and text to people; not all of them are UTF-8 (`mär.wav` of an old camera).
///
/// A name is kept as text in which each byte that is no UTF-8 stands as a character of its own, of the last plane,
/// which nobody writes in: so every name can be opened again by its text, and shown by `printable`.
package enum FileName {
  private static let escapes: ClosedRange<UInt32> = 0x10FF00...0x10FFFF

  /// A name's text.
  package static func text(_ bytes: some Sequence<UInt8>) -> String {
    var rest = Array(bytes)[...]
    var text = String.UnicodeScalarView()
    while let first = rest.first {
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      if let whole = String(validating: rest.prefix(length)), let scalar = whole.unicodeScalars.first,
        whole.unicodeScalars.count == 1, byte(of: scalar) == nil
      {
        text.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        text.append(Unicode.Scalar(escapes.lowerBound + UInt32(first))!)
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }

  /// The name that has this text.
  package static func bytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar in byte(of: scalar).map { [$0] } ?? Array(UTF8.encode(scalar)!) }
  }

  /// The same, as C's functions take it.
  package static func cString(_ text: String) -> [CChar] { bytes(text).map { CChar(bitPattern: $0) } + [0] }

  /// The command line's arguments, without the program's name.
  package static var arguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      CommandLine.unsafeArgv[index].map { text(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }
  }

  /// Whether the whole name is UTF-8, so that its text may be handed on as it is.
  package static func isText(_ name: String) -> Bool { name.unicodeScalars.allSatisfy { byte(of: $0) == nil } }

  /// The byte that a character stands for; nil for those that stand for themselves.
  static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    escapes.contains(scalar.value) ? UInt8(scalar.value - escapes.lowerBound) : nil
  }
}

extension String {
  /// nil if the bytes are no UTF-8.
  fileprivate init?(validating bytes: ArraySlice<UInt8>) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.utf8.elementsEqual(bytes) else { return nil }
    self = text
  }
}
