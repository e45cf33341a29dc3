import SerdTraining
import Testing

@Suite struct RunProgressTests {
  let start = ContinuousClock.now

  @Test("after one epoch the time left is what the others take, not what came before it")
  func firstEpoch() {
    let progress = RunProgress(folds: 3, epochs: 10, jobs: 1)
    #expect(progress.timeLeft(afterEpochOf: .seconds(2), now: start + .seconds(1000)) == .seconds(58))
  }

  @Test("jobs at the same time share the rest")
  func jobs() {
    let progress = RunProgress(folds: 3, epochs: 10, jobs: 2)
    #expect(progress.timeLeft(afterEpochOf: .seconds(2), now: start) == .seconds(29))
  }

  @Test("jobs that have no fold do not count")
  func moreJobsThanFolds() {
    let progress = RunProgress(folds: 1, epochs: 10, jobs: 4)
    #expect(progress.timeLeft(afterEpochOf: .seconds(2), now: start) == .seconds(18))
  }

  @Test("what was trained before this process began is nothing left to do")
  func resumed() {
    let progress = RunProgress(folds: 1, epochs: 10, jobs: 1)
    progress.skip(epochs: 6)
    #expect(progress.timeLeft(afterEpochOf: .seconds(2), now: start) == .seconds(6))
  }

  @Test("later the pace is that since the first epoch's end, pauses between folds included")
  func laterEpochs() {
    let progress = RunProgress(folds: 2, epochs: 5, jobs: 1)
    _ = progress.timeLeft(afterEpochOf: .seconds(2), now: start + .seconds(100))
    _ = progress.timeLeft(afterEpochOf: .seconds(2), now: start + .seconds(102))
    #expect(progress.timeLeft(afterEpochOf: .seconds(2), now: start + .seconds(110)) == .seconds(35))
  }

  @Test("the last epoch leaves nothing")
  func end() {
    let progress = RunProgress(folds: 1, epochs: 2, jobs: 1)
    _ = progress.timeLeft(afterEpochOf: .seconds(2), now: start)
    #expect(progress.timeLeft(afterEpochOf: .seconds(2), now: start + .seconds(2)) == .zero)
  }
}
