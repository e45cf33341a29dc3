/// A field that is always there in JSON, null when there is nothing to say.
@propertyWrapper
package struct Nullable<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
  /// The value, if there is one.
  package var wrappedValue: Value?

  /// Wraps a value or its absence.
  package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  /// Reads a value or null.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  /// Writes the value or null.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

extension KeyedDecodingContainer {
  /// A missing field reads as null: an older daemon may not know it.
  package func decode<Value>(_: Nullable<Value>.Type, forKey key: Key) throws -> Nullable<Value> {
    try decodeIfPresent(Nullable<Value>.self, forKey: key) ?? Nullable(wrappedValue: nil)
  }
}

/// Numbers as lines show them. JSON knows no infinity, and further decimals would be noise.
enum Rounded {
  /// A share or a probability: four decimals.
  static func share(_ value: Double) -> Double {
    value.isFinite ? (value * 10000).rounded() / 10000 : 0
  }

  /// A level in dBFS: one decimal; -200 for digital silence.
  static func level(_ value: Double) -> Double {
    value.isNaN ? -200 : (min(200, max(-200, value)) * 10).rounded() / 10
  }

  /// Seconds: to the millisecond.
  static func seconds(_ value: Double) -> Double {
    value.isFinite ? (value * 1000).rounded() / 1000 : 0
  }
}
