import Foundation

/// JSON as files of a run have it: the same value gives the same bytes.
package enum StableJSON {
  /// A value's bytes, keys sorted, on one line.
  package static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }
}
