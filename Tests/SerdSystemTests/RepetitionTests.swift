import SerdSystem
import Testing

/// A line per incident would fill a disk.
@Suite struct RepetitionTests {
  private let second: Int64 = 1_000_000_000

  @Test("The first is told; those of a minute are summed up; while they go on that is a line a minute")
  func summedUp() {
    var repetition = Repetition()
    var told = 0
    var sums: [Repetition.Sum] = []
    // Ten a second for three minutes.
    for tenth in 0..<1800 {
      let now = Int64(tenth) * second / 10
      if let sum = repetition.due(at: now) { sums.append(sum) }
      if repetition.isToBeTold(amount: 0.5, at: now) { told += 1 }
    }
    #expect(told == 1)
    #expect(sums == [.init(count: 599, amount: 299.5), .init(count: 600, amount: 300)])
    #expect(repetition.rest() == .init(count: 600, amount: 300))
  }

  @Test("A minute without any begins anew")
  func anew() {
    var repetition = Repetition()
    func told(_ time: Int64) -> Bool { repetition.isToBeTold(at: time * second) }
    func due(_ time: Int64) -> Repetition.Sum? { repetition.due(at: time * second) }
    #expect(repetition.end == nil)
    #expect(due(0) == nil)
    #expect(told(0))
    #expect(repetition.end == 60 * second)
    #expect(due(59) == nil)
    #expect(due(60) == nil)
    #expect(told(61))
    #expect(!told(62))
    // The sum is a line, so the minute after it must be quiet too.
    #expect(due(121) == .init(count: 1, amount: 0))
    #expect(!told(122))
    #expect(due(182) == .init(count: 1, amount: 0))
    #expect(due(243) == nil)
    #expect(told(244))
  }

  @Test("A burst is told one by one before the rest is counted")
  func burst() {
    var repetition = Repetition(burst: 3)
    let told = (0..<10).map { repetition.isToBeTold(amount: 1, at: $0 * second) }
    #expect(told == [true, true, true] + Array(repeating: false, count: 7))
    let sum = repetition.due(at: 60 * second)
    #expect(sum == .init(count: 7, amount: 7))
    let later = repetition.isToBeTold(at: 61 * second)
    #expect(!later)
  }
}
