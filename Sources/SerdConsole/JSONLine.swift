import FoundationEssentials

extension Encodable {
  /// One line of JSON, keys sorted.
  package func jsonLine() -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings, finite numbers and booleans always encode.
    return String(decoding: try! encoder.encode(self), as: UTF8.self) + "\n"
  }
}
