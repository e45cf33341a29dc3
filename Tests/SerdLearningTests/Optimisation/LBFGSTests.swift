import SerdLearning
import Testing

@Suite struct LBFGSTests {
  @Test("A narrow valley's lowest point is found to nine digits")
  func quadratic() {
    // f(x) = ½ Σ cᵢ (xᵢ - i)², c from 1 to 10 000.
    let curvatures = (0..<20).map { 1 + 9999 * Double($0 * $0) / 361 }
    var optimiser = LBFGS()
    optimiser.tolerance = 1e-9
    let result = optimiser.minimise(from: Array(repeating: 0, count: 20)) { x, gradient in
      var value = 0.0
      for i in x.indices {
        let distance = x[i] - Double(i)
        gradient[i] = curvatures[i] * distance
        value += curvatures[i] * distance * distance / 2
      }
      return value
    }
    #expect(result.parameters.enumerated().allSatisfy { abs($0.element - Double($0.offset)) < 1e-9 })
    #expect(result.iterations < 150)
  }

  @Test("Rosenbrock's bent valley is followed to its end")
  func rosenbrock() {
    let result = LBFGS().minimise(from: [-1.2, 1]) { x, gradient in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      gradient[0] = -2 * a - 400 * x[0] * b
      gradient[1] = 200 * b
      return a * a + 100 * b * b
    }
    #expect(abs(result.parameters[0] - 1) < 1e-5 && abs(result.parameters[1] - 1) < 1e-5)
    #expect(result.iterations < 100)
  }

  @Test("At the lowest point nothing is done, and after the last iteration it ends")
  func ends() {
    func parabola(_ x: [Double], _ gradient: inout [Double]) -> Double {
      gradient[0] = 2 * x[0]
      return x[0] * x[0]
    }
    #expect(LBFGS().minimise(from: [0], parabola).iterations == 0)
    var short = LBFGS()
    short.iterations = 1
    #expect(short.minimise(from: [5], parabola).iterations == 1)
  }
}
