/// Numbers as lines show them. JSON knows no infinity, and further decimals would be noise.
package enum Rounded {
  /// A share or a probability: four decimals.
  package static func share(_ value: Double) -> Double {
    value.isFinite ? (value * 10000).rounded() / 10000 : 0
  }

  /// A level in dBFS: one decimal; -200 for digital silence.
  package static func level(_ value: Double) -> Double {
    value.isNaN ? -200 : (min(200, max(-200, value)) * 10).rounded() / 10
  }

  /// Seconds: to the millisecond.
  package static func seconds(_ value: Double) -> Double {
    value.isFinite ? (value * 1000).rounded() / 1000 : 0
  }
}
