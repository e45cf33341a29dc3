import SerdDetection
import Testing

@Suite struct TrackerPropertyTests {
  /// Random walks between labels, unclear speech and pauses of any length.
  private func run(seed: UInt64, refractoryTime: Double) -> TrackedSequence {
    var generator = Generator(state: seed)
    var settings = plainSettings()
    settings.smoothingTime = Double.random(in: 0.01...1.5, using: &generator)
    settings.minimumTime = Double.random(in: 0...1.5, using: &generator)
    settings.refractoryTime = refractoryTime
    var labels = plainLabels()
    labels[2].isReported = Bool.random(using: &generator)
    var run = TrackedSequence(settings, labels: labels)
    for _ in 0..<150 {
      let p = Float.random(in: 0.3...1, using: &generator)
      let kinds: [Heard] = [
        .anger(p), .sadness(p), .neutral(p), .unclear, .pause(Double.random(in: 0...0.3, using: &generator)),
      ]
      run.hear(times(Int.random(in: 1...8, using: &generator), kinds.randomElement(using: &generator)!))
      if Int.random(in: 0..<30, using: &generator) == 0 { run.close(at: run.time) }
    }
    run.close(at: run.time)
    return run
  }

  @Test("Every emotion that began ends once before the next begins, and ids count from 1", arguments: 1...20)
  func pairs(seed: UInt64) {
    let decisions = run(seed: seed, refractoryTime: 0).decisions
    #expect(decisions.count % 2 == 0)
    for (index, decision) in decisions.enumerated() {
      #expect(decision.kind == (index % 2 == 0 ? .began : .ended))
      #expect(decision.id == UInt64(index / 2 + 1))
      #expect(decision.label == decisions[index / 2 * 2].label)
    }
  }

  @Test("Starts and ends are in order and do not overlap; means lie in their ranges", arguments: 1...20)
  func order(seed: UInt64) {
    let decisions = run(seed: seed, refractoryTime: 1).decisions
    var last = 0.0
    for ended in decisions where ended.kind == .ended {
      #expect(ended.start >= last)
      #expect(ended.end! >= ended.start)
      last = ended.end!
      #expect((0...1.0001).contains(ended.confidence) && abs(ended.probabilities.reduce(0, +) - 1) < 1e-3)
      #expect((-30 ... -20).contains(ended.level) && ended.speechRatio == 1)
    }
  }

  @Test("No emotion begins within the refractory time of an end", arguments: 1...20)
  func refractory(seed: UInt64) {
    var generator = Generator(state: seed)
    var settings = plainSettings()
    settings.refractoryTime = 3
    var run = TrackedSequence(settings)
    var lastEnd = -Double.infinity
    var begun = 0
    for _ in 0..<400 {
      let before = run.decisions.count
      let label = Int.random(in: 0..<2, using: &generator)
      run.hear(times(2, label == 0 ? .anger(0.9) : .sadness(0.9)))
      for decision in run.decisions[before...] {
        // A decision falls on one of the two hops just heard.
        if decision.kind == .ended { lastEnd = run.time - Heard.hop } else { begun += 1 }
        if decision.kind == .began { #expect(run.time - lastEnd >= 3) }
      }
    }
    #expect(begun > 10)
  }
}

/// SplitMix64.
private struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
