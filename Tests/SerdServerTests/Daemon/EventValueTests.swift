import Foundation
import SerdProtocol
import SerdServer
import SerdTestKit
import Synchronization
import Testing

/// The values that events are made of.
@Suite struct EventValueTests {
  private func seconds(_ value: Double) -> Timestamp { SampleEvents.time(value) }

  @Test("A minute's shares: emotions, speech, silence, and what was not heard; arousal from the probabilities")
  func summary() {
    var accumulator = SummaryAccumulator(labels: ["anger", "sadness", "disgust"], start: seconds(0))
    accumulator.add(.speech(emotion: "anger", probabilities: [0.8, 0.1, 0.1]), seconds: 10)
    accumulator.add(.speech(emotion: "uncertain", probabilities: [0.4, 0.5, 0.1]), seconds: 5)
    accumulator.add(.speech(emotion: nil, probabilities: [0, 0, 1]), seconds: 5)
    accumulator.add(.silence, seconds: 20)
    accumulator.add(.unheard, seconds: 5)
    let summary = accumulator.finish(at: seconds(60))
    #expect(summary.emotions == ["anger": 0.1667, "uncertain": 0.0833, "sadness": 0, "disgust": 0])
    #expect(summary.speech == 0.3333 && summary.silence == 0.3333 && summary.unheard == 0.3334)
    // 10 · 0.8 + 5 · 0.4 of 20 s: sadness and disgust are calm.
    #expect(summary.arousal?.aroused == 0.5 && summary.arousal?.calm == 0.5)
    let next = accumulator.finish(at: seconds(120))
    #expect(next.start == seconds(60) && next.unheard == 1 && next.arousal == nil && next.speech == 0)
  }

  @Test("Hops that stretch over the end of the minute do not make more than a whole")
  func overfull() {
    var accumulator = SummaryAccumulator(labels: ["anger"], start: seconds(0))
    for _ in 0..<120 { accumulator.add(.silence, seconds: 0.512) }
    let summary = accumulator.finish(at: seconds(60))
    #expect(summary.silence == 1 && summary.unheard == 0)
  }

  @Test("Numbers that JSON cannot hold become those that it can")
  func numbers() {
    guard case .state(let silent) = SampleEvents.state(level: -.infinity) else { return }
    guard case .state(let broken) = SampleEvents.state(level: .nan) else { return }
    #expect(silent.level == -200 && broken.level == -200)
  }

  @Test("Names of events differ, also from those of an earlier run")
  func names() {
    func ids(startedAt seconds: Int64) -> [String] {
      let clock = EventClock(monotonic: { 5 }, realtime: { seconds * 1_000_000_000 })
      var ids = EmotionIDs(clock: clock)
      return (0..<3).map { _ in ids.next() }
    }
    #expect(Set(ids(startedAt: 1_772_366_400) + ids(startedAt: 1_772_366_401)).count == 6)
    #expect(ids(startedAt: 1_772_366_400)[0] == "69a42a40-1")
  }

  @Test(
    "UTC is written with milliseconds, before 1970 and after 2038, too",
    arguments: [
      (Int64(0), "1970-01-01T00:00:00.000Z"), (-1_000_000, "1969-12-31T23:59:59.999Z"),
      (1_709_210_096_789_499_999, "2024-02-29T12:34:56.789Z"), (4_102_444_800_000_000_000, "2100-01-01T00:00:00.000Z"),
      (999_600_000, "1970-01-01T00:00:01.000Z"),
    ])
  func utc(nanoseconds: Int64, text: String) throws {
    let folder = try ScratchFolder()
    let clock = EventClock(monotonic: { 1_000_000_000 }, realtime: { 1_000_000_000 + nanoseconds })
    let log = try EventLog(to: .file(path: folder.path + "/log"), hello: SampleEvents.hello, clock: clock) { _ in }
    log.publish(SampleEvents.emotion(start: 0))
    log.stop()
    #expect(try String(contentsOfFile: folder.path + "/log", encoding: .utf8).contains(text))
  }
}
