import Glibc
import SerdDetection
import Testing

@Suite struct NoveltyTests {
  private let novelty = Novelty(mean: [1, -2], reciprocalDeviation: [0.5, 4])

  /// Two coefficients over `frames`, with these standardised means and deviations: half the frames above, half below.
  private func novelty(means: (Float, Float), deviations: (Float, Float), c0Offset: Float = 0) -> Float {
    let rows = (0..<100).flatMap { frame -> [Float] in
      let sign: Float = frame % 2 == 0 ? 1 : -1
      return [(means.0 + sign * deviations.0) / 0.5 + 1, (means.1 + sign * deviations.1) / 4 - 2]
    }
    return novelty.of(rows, frames: 100, c0Offset: c0Offset)
  }

  @Test("What varies as training speech does is not new")
  func none() { #expect(abs(novelty(means: (0, 0), deviations: (1, 1))) < 1e-3) }

  @Test("It is the Kullback-Leibler divergence between normal distributions, averaged over coefficients")
  func divergence() {
    let first = (4 + 0 - 1 - logf(4)) / 2  // N(0, 4) from N(0, 1)
    let second = (1 + 9 - 1 - logf(1)) / 2  // N(3, 1)
    #expect(abs(novelty(means: (0, 3), deviations: (2, 1)) - (first + second) / 2) < 0.01)
  }

  @Test("Steady sound is new, and digital silence finitely so")
  func steady() {
    let silence = novelty(means: (0, 0), deviations: (0, 0))
    #expect(silence.isFinite && silence > novelty(means: (0, 0), deviations: (0.3, 0.3)))
    #expect(novelty(means: (0, 0), deviations: (0.3, 0.3)) > 0.5)
  }

  @Test("A gain that makes up for the level makes up for the novelty")
  func gain() {
    let loud = novelty(means: (-2, 0), deviations: (1, 1))
    let corrected = novelty(means: (-2, 0), deviations: (1, 1), c0Offset: 4)  // 4 × 0.5 = 2 deviations
    #expect(loud > 0.9 && abs(corrected) < 1e-3)
  }
}
