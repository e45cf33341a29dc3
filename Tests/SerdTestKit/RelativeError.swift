/// Largest absolute difference, relative to the largest expected value (and at least to `floor`).
package func relativeError(_ actual: [Float], _ expected: [Float], floor: Float = 1e-30) -> Float {
  guard actual.count == expected.count else { return .infinity }
  let scale = max(floor, expected.map(abs).max() ?? 0)
  let worst = zip(actual, expected).map { abs($0 - $1) }.max() ?? 0
  // A NaN compares false with everything; it must not pass as small.
  return worst.isNaN || actual.contains(where: \.isNaN) ? .infinity : worst / scale
}

/// `relativeError` against a double-precision reference.
package func relativeError(_ actual: [Float], _ expected: [Double]) -> Float {
  relativeError(actual, expected.map { Float($0) })
}
