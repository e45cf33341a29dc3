import SerdNetwork

/// Collects the stages of a bench, and meanwhile the peak of the core: a little before each stage, since the clock
/// changes.
struct BenchClock {
  /// What was timed so far.
  private(set) var stages: [BenchReport.Stage] = []
  /// Multiply-adds per second on registers alone, of the fastest moment so far: a peak is a maximum.
  private(set) var peak = 0.0
  let instructionSet: InstructionSet
  private let budget: Double
  private static let peakRounds = 2000

  /// - Parameter budget: seconds per stage.
  init(instructionSet: InstructionSet, budget: Double) {
    self.instructionSet = instructionSet
    self.budget = budget
  }

  /// Times a stage, and returns its median in seconds.
  @discardableResult
  mutating func time(
    _ name: String, _ group: BenchReport.Group, multiplyAdds: Int = 0, _ work: () -> Void
  ) -> Double {
    let products = instructionSet.runPeakLoop(rounds: Self.peakRounds)
    let loop = RepeatedTime(budget: budget / 10) { _ = instructionSet.runPeakLoop(rounds: Self.peakRounds) }
    peak = max(peak, Double(products) / loop.minimum)
    let time = RepeatedTime(budget: budget, work)
    stages.append(BenchReport.Stage(name: name, group: group, time: time, multiplyAdds: multiplyAdds))
    return time.median
  }
}

extension LayerShape {
  /// Multiply-adds of one window whose tap is inside the image. `multiplyAdds` counts the padding, too; kernels skip
  /// most of it.
  package var multiplyAddsInside: Int {
    func taps(_ size: Int, _ kernel: Int) -> Int {
      (0..<size).reduce(0) { $0 + min(size, $1 + kernel / 2 + 1) - max(0, $1 - kernel / 2) }
    }
    return taps(input.height, block.kernel.height) * taps(input.width, block.kernel.width) * inputChannels
      * block.channels
  }
}
