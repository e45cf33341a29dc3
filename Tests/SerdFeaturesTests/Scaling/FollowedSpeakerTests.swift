import SerdFeatures
import SerdTestKit
import Testing

@Suite struct FollowedSpeakerTests {
  private static let prior = Standardisation(mean: [1, -2, 0], reciprocalDeviation: [0.5, 2, 1])

  private func settings(prior: Int = 10, memory: Int = 1000) -> SpeakerFollowing {
    var settings = SpeakerFollowing()
    (settings.priorWindows, settings.memoryWindows) = (prior, memory)
    return settings
  }

  private func values(_ pointer: UnsafePointer<Float>) -> [Float] { (0..<6).map { pointer[$0] } }

  @Test("After n vectors mean and deviation are those of the vectors and of the prior's share, this vector included")
  func mean() {
    let speaker = FollowedSpeaker(prior: Self.prior, settings: settings())
    var generator = TestGenerator(seed: 2)
    var heard: [[Double]] = []
    for n in 1...40 {
      let vector = (0..<3).map { _ in Float.random(in: -3...5, using: &generator) }
      heard.append(vector.map { Double($0) })
      let known = values(speaker.hear(vector))
      for k in 0..<3 {
        let priorMean = Double(Self.prior.mean[k]), deviation = 1 / Double(Self.prior.reciprocalDeviation[k])
        let total = 10 + Double(n)
        let mean = (10 * priorMean + heard.reduce(0) { $0 + $1[k] }) / total
        let square =
          (10 * (priorMean * priorMean + deviation * deviation) + heard.reduce(0) { $0 + $1[k] * $1[k] }) / total
        #expect(abs(Double(known[k]) - mean) < 1e-5)
        #expect(abs(Double(known[3 + k]) - 1 / (square - mean * mean).squareRoot()) < 1e-4)
      }
    }
  }

  @Test("Another speaker is followed: after twice the memory what was heard before counts half")
  func memory() {
    let speaker = FollowedSpeaker(prior: Self.prior, settings: settings(prior: 1, memory: 20))
    for _ in 0..<400 { _ = speaker.hear([10, 10, 10]) }
    var last: [Float] = []
    for _ in 0..<100 { last = values(speaker.hear([0, 0, 0])) }
    #expect(last[0] < 1, "\(last)")
    let slow = FollowedSpeaker(prior: Self.prior, settings: settings(prior: 1, memory: 10_000))
    for _ in 0..<400 { _ = slow.hear([10, 10, 10]) }
    for _ in 0..<100 { last = values(slow.hear([0, 0, 0])) }
    #expect(last[0] > 7, "\(last)")
  }

  @Test("A value that never changes does not become infinitely important")
  func constant() {
    let speaker = FollowedSpeaker(prior: Self.prior, settings: settings(prior: 1))
    var known: [Float] = []
    for _ in 0..<10_000 { known = values(speaker.hear([4, 4, 4])) }
    #expect(known.allSatisfy { $0.isFinite && abs($0) <= 1e5 })
  }
}
