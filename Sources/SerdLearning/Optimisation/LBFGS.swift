/// Minimises a smooth function by its value and gradient: the limited-memory BFGS method (Liu and Nocedal 1989), with a
/// line search that halves the step until the function falls enough (Armijo 1966).
///
/// For convex functions of thousands of parameters, such as the loss of one dense layer: where it ends does not depend
/// on a seed or a learning rate. Memory: 2 × `memory` + 4 vectors.
package struct LBFGS {
  /// Steps that it remembers.
  package var memory = 10
  /// Most iterations.
  package var iterations = 200
  /// It ends when the largest |gradient| is below this.
  package var tolerance = 1e-5

  package init() {}

  /// Where it begins, and after `minimise` where it ended.
  package struct Result {
    package var parameters: [Double]
    package var value: Double
    /// Iterations that were made.
    package var iterations: Int
  }

  /// - Parameter function: returns the value at the parameters, and writes the gradient.
  package func minimise(
    from start: [Double], _ function: (_ parameters: [Double], _ gradient: inout [Double]) -> Double
  ) -> Result {
    var parameters = start
    var gradient = [Double](repeating: 0, count: start.count)
    var value = function(parameters, &gradient)
    var steps: [(step: [Double], change: [Double])] = []
    for iteration in 0..<iterations {
      guard gradient.contains(where: { $0.magnitude > tolerance }) else {
        return Result(parameters: parameters, value: value, iterations: iteration)
      }
      let direction = Self.direction(gradient, steps)
      let slope = Self.product(direction, gradient)
      // Of the first step nothing is known but that it should be short.
      var length = steps.isEmpty ? min(1, 1 / Self.product(gradient, gradient).squareRoot()) : 1
      var moved = parameters
      var newGradient = gradient
      var newValue = value
      var isLower = false
      for _ in 0..<40 {
        for i in moved.indices { moved[i] = parameters[i] + length * direction[i] }
        newValue = function(moved, &newGradient)
        isLower = newValue <= value + 1e-4 * length * slope
        if isLower { break }
        length /= 2
      }
      // No step along the direction is lower: rounding is all that is left.
      guard isLower else { return Result(parameters: parameters, value: value, iterations: iteration) }
      let step = zip(moved, parameters).map { $0 - $1 }
      let change = zip(newGradient, gradient).map { $0 - $1 }
      if Self.product(step, change) > 1e-12 * Self.product(change, change) {
        if steps.count == memory { steps.removeFirst() }
        steps.append((step, change))
      }
      (parameters, gradient, value) = (moved, newGradient, newValue)
    }
    return Result(parameters: parameters, value: value, iterations: iterations)
  }

  /// Down, by what the remembered steps say of the curvature: the two loops of Nocedal 1980.
  private static func direction(_ gradient: [Double], _ steps: [(step: [Double], change: [Double])]) -> [Double] {
    var direction = gradient.map { -$0 }
    var shares = [Double](repeating: 0, count: steps.count)
    for (index, pair) in steps.enumerated().reversed() {
      shares[index] = product(pair.step, direction) / product(pair.step, pair.change)
      for i in direction.indices { direction[i] -= shares[index] * pair.change[i] }
    }
    if let last = steps.last {
      let scale = product(last.step, last.change) / product(last.change, last.change)
      for i in direction.indices { direction[i] *= scale }
    }
    for (index, pair) in steps.enumerated() {
      let share = product(pair.change, direction) / product(pair.step, pair.change)
      for i in direction.indices { direction[i] += (shares[index] - share) * pair.step[i] }
    }
    return direction
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
