import SerdLearning
import Testing

@Suite struct EchoKernelTests {
  /// Echoes that begin before the sound, in the middle of a block, at its end, and after it.
  static let delays: [Int32] = [0, 3, 3, 40, 700, 2048, 2049, 3000, 3100, 3101, 3102, 3103, 4000, 4999, 5000, 9000]

  @Test("Every echo is added from its delay on, whatever the instruction set", arguments: [1, 17, 2048, 5000])
  func echoesAreAdded(count: Int) {
    var generator = SeededGenerator(seed: 5)
    let input = (0..<count).map { _ in generator.quickGaussian() }
    let gains = Self.delays.map { _ in generator.quickGaussian() }
    let before = (0..<count).map { _ in generator.quickGaussian() }
    let expected = before.indices.map { i in
      zip(Self.delays, gains).reduce(Double(before[i])) { sum, echo in
        i < echo.0 ? sum : sum + Double(echo.1) * Double(input[i - Int(echo.0)])
      }
    }
    for kernels in TrainingKernels.all {
      var output = before
      kernels.table.add_echoes(input, Int32(count), Self.delays, gains, Int32(gains.count), &output)
      #expect(zip(output, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 }, "\(kernels.name)")
    }
  }
}
