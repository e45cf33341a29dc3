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

@Suite("What is kept of a speaker") struct SpeakerRecordTests {
  private static let prior = Standardisation(mean: [1, -2], reciprocalDeviation: [0.5, 2])

  @Test("A speaker who was kept is followed as one who was heard; one of another model is not")
  func kept() {
    let speaker = FollowedSpeaker(prior: Self.prior, settings: SpeakerFollowing())
    for i in 0..<30 { _ = speaker.hear([Float(i), 2]) }
    let other = FollowedSpeaker(prior: Self.prior, settings: SpeakerFollowing())
    #expect(other.restore(speaker.record) && other.heard == 30)
    let (one, two) = (speaker.hear([5, 5]), other.hear([5, 5]))
    #expect((0..<4).allSatisfy { one[$0] == two[$0] })
    let wide = Standardisation(mean: [0, 0, 0], reciprocalDeviation: [1, 1, 1])
    let stranger = FollowedSpeaker(prior: wide, settings: SpeakerFollowing())
    #expect(!stranger.restore(speaker.record) && stranger.heard == 0)
    var damaged = speaker.record
    damaged.sums[0] = .infinity
    #expect(!other.restore(damaged))
  }

  @Test("With nothing it begins anew, and a share counts as a share")
  func nothing() {
    let speaker = FollowedSpeaker(prior: Self.prior, settings: SpeakerFollowing())
    for _ in 0..<30 { _ = speaker.hear([9, 9]) }
    let half = speaker.record.faded(to: 0.5)
    #expect(half.count == 15 && half.sums == [135, 135] && half.squares[0] == 15 * 81)
    #expect(speaker.restore(.nothing) && speaker.heard == 0)
    let fresh = FollowedSpeaker(prior: Self.prior, settings: SpeakerFollowing())
    let (one, two) = (speaker.hear([5, 5]), fresh.hear([5, 5]))
    #expect((0..<4).allSatisfy { one[$0] == two[$0] })
  }
}
