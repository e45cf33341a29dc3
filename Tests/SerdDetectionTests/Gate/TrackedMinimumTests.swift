import SerdDetection
import Testing

@Suite struct TrackedMinimumTests {
  /// How far each value lies above the floor.
  private func above(_ values: [Float]) -> [Float] {
    var floor = TrackedMinimum(count: 2)
    return values.map { value in
      // The second value is a constant that must not be touched by the first.
      var pair: [Float] = [value, 7]
      pair.withUnsafeMutableBufferPointer { floor.subtractFloor(from: $0.baseAddress!) }
      #expect(pair[1] == 0)
      return pair[0]
    }
  }

  @Test("The first value is its own floor, and a constant stays on it")
  func constant() { #expect(above(Array(repeating: 5, count: 400)).allSatisfy { $0 == 0 }) }

  @Test("A rise is the floor after 128 to 180 frames")
  func rise() {
    let result = above(Array(repeating: 0, count: 300) + Array(repeating: 20, count: 300))
    #expect(result[300..<428].allSatisfy { $0 == 20 })
    #expect(result[480...].allSatisfy { $0 < 0.1 })
  }

  @Test("A fall is followed within some twenty frames")
  func fall() {
    let result = above(Array(repeating: 20, count: 300) + Array(repeating: 0, count: 300))
    #expect(result[330...].allSatisfy { abs($0) < 0.2 })
  }

  @Test("Peaks between moments of quiet do not lift the floor")
  func syllables() {
    let syllable: [Float] = Array(repeating: 25, count: 15) + Array(repeating: 0, count: 15)
    let result = above((0..<40).flatMap { _ in syllable })
    for start in stride(from: 60, to: 1200, by: 30) { #expect(result[start + 14] > 20) }
  }
}
