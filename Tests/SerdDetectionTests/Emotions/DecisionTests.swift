import SerdDetection
import Testing

@Suite struct DecisionTests {
  @Test("An emotion starts where speech began, if its first window shows that")
  func startOfSpeech() {
    var run = TrackedSequence()
    run.hear(times(4, .pause(0)))  // hops end at 2 to 3.5 s
    run.hear(Hop(end: 4, probabilities: [0.9, 0.05, 0.05], level: -20, speechRatio: 0.4))
    run.hear([.anger(0.9)])
    #expect(run.decisions.map(\.start) == [4 - 0.4 * 2])
  }

  @Test("In the middle of speech it starts half a window before the end of the first window that shows it")
  func startInSpeech() {
    let run = TrackedSequence(times(6, .neutral(0.9)) + times(3, .anger(0.9)))  // the first of anger ends at 5 s
    #expect(run.decisions.map(\.start) == [4])
  }

  @Test("It ends where speech stopped, or half a window before the end of the first window without it")
  func ends() {
    let pause = TrackedSequence(times(4, .anger(0.9)) + [.pause(0.25)] + times(4, .pause(0)))
    #expect(pause.decisions.map(\.end) == [nil, 4 - 0.75 * 2])  // the first window of the pause ends at 4 s
    let unclear = TrackedSequence(times(8, .anger(0.9)) + times(2, .unclear))  // the first unclear one ends at 6 s
    #expect(unclear.decisions.map(\.end) == [nil, 5])
  }

  @Test("An emotion that gives way ends where the next one starts")
  func handOver() {
    let run = TrackedSequence(times(6, .anger(0.9)) + times(3, .sadness(0.9)))
    #expect(run.decisions.count == 3)
    #expect(run.decisions[1].end == 4)
    #expect(run.decisions[2].start == 4)
  }

  @Test("A decision carries the smoothed probabilities: of the moment, then the means; and means of level and ratio")
  func contents() {
    var run = TrackedSequence(times(2, .anger(0.8)))
    let began = run.decisions[0]
    #expect(began.label == 0 && began.level == -20 && began.speechRatio == 1 && began.end == nil)
    #expect(abs(began.confidence - 0.8) < 1e-5)
    run.hear(Hop(end: 3, probabilities: [1, 0, 0], level: -10, speechRatio: 0.5))
    run.hear(times(6, .pause(0)))
    let ended = run.decisions[1]
    #expect(abs(ended.confidence - 0.9) < 1e-5)
    #expect(abs(ended.probabilities[1] - 0.05) < 1e-5)
    #expect(ended.level == -15 && ended.speechRatio == 0.75)
    #expect(ended.id == began.id && ended.start == began.start)
  }

  @Test("Closing ends an open emotion once, and the tracker starts afresh with greater ids")
  func close() {
    var run = TrackedSequence(times(4, .anger(0.9)))
    run.close(at: 3.2)
    #expect(run.decisions.map(\.kind) == [.began, .ended])
    #expect(run.decisions.last?.end == 3.2)
    #expect(run.tracker.state == .quiet)
    run.close(at: 4)
    #expect(run.decisions.count == 2)
    run.hear(times(4, .anger(0.9)))
    #expect(run.decisions.map(\.id) == [1, 1, 2])
    #expect(run.decisions[2].start >= 3.2)
  }

  @Test("Closed in a pause, an emotion ends where the pause began")
  func closedInAPause() {
    var run = TrackedSequence(times(4, .anger(0.9)) + [.pause(0.25)])
    run.close(at: 100)
    #expect(run.decisions.last?.end == 2.5)
  }
}
