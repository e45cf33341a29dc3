import SerdTestKit
import SerdTraining
import Testing

@Suite struct HeadObjectiveTests {
  private static let (windows, width, classes) = (9, 5, 3)

  /// Random windows; the last class is not asked of the odd ones.
  private func objective(penalty: Double = 0.1) -> HeadObjective {
    var generator = TestGenerator(seed: 3)
    var (targets, asked): ([Float], [Float]) = ([], [])
    for window in 0..<Self.windows {
      let isOdd = window % 2 == 1
      asked += isOdd ? [1, 1, 0] : [1, 1, 1]
      targets += isOdd ? [0.3, 0.7, 0] : [0.1, 0.2, 0.7]
    }
    return HeadObjective(
      values: (0..<Self.windows * Self.width).map { _ in Float.random(in: -2...2, using: &generator) },
      targets: targets, asked: asked,
      weights: (0..<Self.windows).map { _ in Float.random(in: 0.05...0.2, using: &generator) }, weightPenalty: penalty)
  }

  private var parameters: [Double] {
    var generator = TestGenerator(seed: 8)
    return (0..<Self.classes * (Self.width + 1)).map { _ in Double.random(in: -1...1, using: &generator) }
  }

  @Test("The gradient is the slope of the value, in every direction")
  func slope() {
    let objective = objective()
    var gradient = [Double](repeating: 0, count: parameters.count)
    _ = objective.value(at: parameters, gradient: &gradient)
    for i in parameters.indices {
      var (above, below) = (parameters, parameters)
      above[i] += 1e-2
      below[i] -= 1e-2
      var unused = gradient
      let slope =
        (objective.value(at: above, gradient: &unused) - objective.value(at: below, gradient: &unused)) / 2e-2
      #expect(abs(slope - gradient[i]) < 2e-4, "\(i): \(slope), \(gradient[i])")
    }
  }

  @Test("A label that a window is not asked about changes nothing for it")
  func mask() {
    let all = objective(penalty: 1e-9)
    var (one, two) = (parameters, parameters)
    var gradient = [Double](repeating: 0, count: one.count)
    let before = all.value(at: one, gradient: &gradient)
    // Windows that are asked still feel the last class's bias; those that are not cannot be told to have any slope.
    two[two.count - 1] = -1e6
    let without = all.value(at: two, gradient: &gradient)
    #expect(before.isFinite && without.isFinite && without > before)
    one[one.count - 1] = 50
    _ = all.value(at: one, gradient: &gradient)
    #expect(gradient[..<(2 * Self.width)].contains { abs($0) > 1e-4 }, "odd windows still learn of the first two")
  }

  @Test("With nothing but the penalty the lowest point is zero, and it grows with the square")
  func penalty() {
    var gradient = [Double](repeating: 0, count: parameters.count)
    let weightCount = Self.classes * Self.width
    let squares = parameters[..<weightCount].reduce(0) { $0 + $1 * $1 }
    let light = objective(penalty: 0.1).value(at: parameters, gradient: &gradient)
    let heavy = objective(penalty: 10.1).value(at: parameters, gradient: &gradient)
    #expect(abs(heavy - light - 5 * squares) < 1e-5)
  }
}
