/// The noise floor of several values at once: the minimum of each, lightly smoothed, over the last 2.3 s (minimum
/// statistics, after Martin, "Noise power spectral density estimation based on optimal smoothing and minimum
/// statistics", 2001).
///
/// Speech leaves every band for a moment within that time, so a floor does not climb into speech; a room that becomes
/// louder is the new floor 2.3 s later, one that becomes quieter at once. Costs a handful of operations per value and
/// frame; no allocation after `init`.
package struct TrackedMinimum: Sendable {
  /// Frames per part; the window is made of whole parts, so that only their minima are kept.
  private static let partLength = 16
  private static let parts = 8
  /// Share of a new value in the smoothed one.
  private static let weight: Float = 0.15

  private let count: Int
  private var smoothed: [Float]
  /// Of the part that is being filled.
  private var current: [Float]
  /// Of the parts before, `parts` × `count`.
  private var minima: [Float]
  /// Of all parts before.
  private var past: [Float]
  private var frames = 0

  /// Tracks `count` values.
  package init(count: Int) {
    self.count = count
    smoothed = Array(repeating: 0, count: count)
    current = Array(repeating: .infinity, count: count)
    minima = Array(repeating: .infinity, count: count * Self.parts)
    past = Array(repeating: .infinity, count: count)
  }

  /// Replaces each of the `count` values by how far it lies above its floor.
  package mutating func subtractFloor(from values: UnsafeMutablePointer<Float>) {
    for i in 0..<count {
      smoothed[i] += (frames == 0 ? 1 : Self.weight) * (values[i] - smoothed[i])
      current[i] = min(current[i], smoothed[i])
      values[i] -= min(current[i], past[i])
    }
    frames += 1
    if frames % Self.partLength == 0 { nextPart() }
  }

  private mutating func nextPart() {
    let slot = frames / Self.partLength % Self.parts
    for i in 0..<count {
      minima[slot * count + i] = current[i]
      current[i] = .infinity
      past[i] = .infinity
      for part in 0..<Self.parts { past[i] = min(past[i], minima[part * count + i]) }
    }
  }
}
