import SerdAudio
import SerdDetection
import SerdProtocol
import SerdServer
import SerdTestKit
import Synchronization
import Testing

/// What becomes of readings, fed by hand with a clock of the test's own.
@Suite struct HearingTests {
  /// A clock that stands until it is set.
  final class ManualClock: Sendable {
    private let times = Mutex((monotonic: Int64(1_000_000_000_000), realtime: Int64(1_700_000_000_000_000_000)))
    var clock: EventClock {
      EventClock(
        monotonic: { self.times.withLock { $0.monotonic } }, realtime: { self.times.withLock { $0.realtime } })
    }
    var now: Int64 { times.withLock { $0.monotonic } }
    func advance(seconds: Double) {
      times.withLock {
        $0.monotonic += Int64(seconds * 1e9)
        $0.realtime += Int64(seconds * 1e9)
      }
    }
    func step(days: Int64) { times.withLock { $0.realtime += days * 86_400_000_000_000 } }
  }

  /// A daemon's ears with a stub for a network that is sure of whatever it hears.
  final class Bench {
    let clock = ManualClock()
    var events: [Event] = []
    let hearing: Hearing

    init() throws {
      var sink: (Event) -> Void = { _ in }
      let classifier = try StubClassifier()
      var settings = EmotionTracker.Settings()
      (settings.largestNovelty, settings.leastSpeech) = (.infinity, 0)
      for label in classifier.description.labels { settings.begins[label] = 0.16 }
      (settings.endRatio, settings.unreported) = (0, [])
      // The gate is tested elsewhere: here everything above a whisper is speech.
      var gate = SpeechGate.Settings()
      (gate.openScore, gate.closeScore) = (-.infinity, -.infinity)
      hearing = Hearing(
        classifier: classifier, transform: .default, gate: gate, emotions: settings, device: "mic", clock: clock.clock,
        emit: { sink($0) })
      sink = { [unowned self] in events.append($0) }
      hearing.begin()
      take(.device(.capturing(NativeFormat(sampleRate: 16000, channels: 1, name: "test"))))
    }

    func take(_ reading: LiveReading) { hearing.take(reading, UnsafeBufferPointer(start: nil, count: 0)) }

    /// Hears sound in blocks of 32 ms, as time passes.
    func hear(_ samples: [Float]) {
      for start in stride(from: 0, to: samples.count, by: 512) {
        let block = Array(samples[start..<min(samples.count, start + 512)])
        clock.advance(seconds: Double(block.count) / 16000)
        block.withUnsafeBufferPointer {
          hearing.take(.samples(count: block.count, heardAt: clock.now), $0)
        }
      }
    }

    var emotions: [EmotionEvent] { events.compactMap { if case .emotion(let event) = $0 { event } else { nil } } }
    var windows: [WindowEvent] { events.compactMap { if case .window(let event) = $0 { event } else { nil } } }
    var healths: [HealthEvent] { events.compactMap { if case .health(let event) = $0 { event } else { nil } } }
  }

  private let speech = SyntheticSignal.chirp.samples(seconds: 3) + SyntheticSignal.chirp.samples(seconds: 3)

  @Test("a window is said to have been heard when its samples were")
  func windowTimes() throws {
    let bench = try Bench()
    let start = bench.clock.now
    bench.hear(speech)
    #expect(bench.windows.count == 8)
    for (index, window) in bench.windows.enumerated() {
      let begin = Double(start) / 1e9 + Double(index) * 0.512
      #expect(abs(window.start.seconds - begin) < 1e-3 && abs(window.end.seconds - begin - 2) < 1e-3)
    }
  }

  @Test("lost sound ends an emotion where it was last heard, is told, and no window reaches across")
  func gap() throws {
    let bench = try Bench()
    bench.hear(speech)
    let before = bench.clock.now
    #expect(bench.emotions.map(\.phase) == [.begin])
    bench.clock.advance(seconds: 5)
    bench.take(.gap(Gap(cause: .overrun, seconds: 5)))
    try #require(bench.emotions.map(\.phase) == [.begin, .end])
    #expect(bench.emotions[1].end! <= Timestamp(nanoseconds: before))
    #expect(bench.emotions[0].id == bench.emotions[1].id)
    #expect(bench.healths.last?.condition == .overrun && bench.healths.last?.gap == 5)
    bench.hear(speech)
    #expect(bench.healths.last?.condition == .listening)
    let after = bench.windows.dropFirst(8)
    try #require(bench.emotions.count == 3 && !after.isEmpty)
    #expect(after.first!.start.seconds >= Double(before) / 1e9 + 5 - 1e-3)
    #expect(bench.emotions[2].start.seconds >= Double(before) / 1e9 + 5 - 1e-3)
    #expect(bench.hearing.numbers.overruns == 1 && bench.hearing.numbers.gap == 5)
  }

  @Test("a lost device is a state and a condition with its reason, and its return counts")
  func device() throws {
    let bench = try Bench()
    bench.hear(speech)
    bench.take(.device(SampleEvents.waiting(.lost, problem: "unplugged")))
    #expect(bench.emotions.last?.phase == .end)
    #expect(bench.hearing.state.activity == .waiting && bench.hearing.state.emotion == nil)
    #expect(bench.healths.last?.condition == .noDevice)
    #expect(bench.healths.last?.detail == "plughw:CARD=Mic: unplugged; plug it in")
    bench.take(.device(.capturing(NativeFormat(sampleRate: 48000, channels: 2, name: "test"))))
    bench.take(.gap(Gap(cause: .deviceLost, seconds: 60)))
    #expect(bench.hearing.state.activity == .listening && bench.hearing.numbers.reopens == 1)
    #expect(bench.healths.last?.condition == .listening && bench.healths.last?.gap == 60)
    bench.take(.signal(.flat))
    #expect(bench.healths.last?.condition == .noSignal)
    // An overrun hides that for a moment, and does not end it.
    bench.take(.gap(Gap(cause: .overrun, seconds: 1)))
    #expect(bench.healths.last?.condition == .overrun)
    bench.hear([Float](repeating: 0, count: 16000 * 3))
    #expect(bench.healths.last?.condition == .noSignal && bench.healths.last?.detail?.contains("alsamixer") == true)
    bench.take(.signal(.normal))
    #expect(bench.healths.last?.condition == .listening)
  }

  @Test("What is lost counts while it is being lost, and once; the level is none meanwhile")
  func losing() throws {
    let bench = try Bench()
    bench.hear(speech)
    #expect(bench.hearing.numbers.gap == 0 && bench.hearing.state.level > -100)
    bench.take(.device(SampleEvents.waiting(.lost)))
    bench.clock.advance(seconds: 30)
    // The last second may still come out of the device's buffer.
    #expect(abs(bench.hearing.numbers.gap - 29) < 1e-6 && bench.hearing.state.level == -200)
    bench.take(.device(SampleEvents.waiting(.silent)))
    bench.clock.advance(seconds: 30)
    #expect(abs(bench.hearing.numbers.gap - 59) < 1e-6)
    bench.take(.device(.capturing(NativeFormat(sampleRate: 16000, channels: 1, name: "test"))))
    #expect(abs(bench.hearing.numbers.gap - 59) < 1e-6)
    bench.take(.gap(Gap(cause: .deviceLost, seconds: 60)))
    #expect(bench.hearing.numbers.gap == 60)
    bench.clock.advance(seconds: 30)
    #expect(bench.hearing.numbers.gap == 60)
  }

  @Test("muting ends an emotion, is a state, and nothing is analysed until unmuted")
  func mute() throws {
    let bench = try Bench()
    bench.hear(speech)
    bench.hearing.mute(true)
    bench.hearing.mute(true)
    #expect(bench.emotions.last?.phase == .end && bench.hearing.state.activity == .muted)
    let count = bench.events.count
    bench.hear(speech)
    #expect(bench.events.count == count, "nothing is said while muted")
    let unmuted = bench.clock.now
    bench.hearing.mute(false)
    #expect(bench.hearing.state.activity == .listening)
    bench.hear(speech)
    #expect(bench.windows.dropFirst(8).allSatisfy { $0.start.seconds >= Double(unmuted) / 1e9 - 1e-3 })
    #expect(bench.windows.count == 16)
  }

  @Test("the summary adds up: speech, silence and what was not heard are everything")
  func summary() throws {
    let bench = try Bench()
    bench.hear(speech)
    bench.hear([Float](repeating: 0, count: 16000 * 20))
    bench.take(.device(SampleEvents.waiting(.lost)))
    bench.clock.advance(seconds: 34)
    bench.hearing.summarise()
    guard case .summary(let summary)? = bench.events.last else { throw RawClient.Silence() }
    #expect(abs(summary.end.seconds - summary.start.seconds - 60) < 0.1)
    #expect(abs(summary.speech + summary.silence + summary.unheard - 1) < 1e-3)
    #expect(summary.speech > 0.05 && summary.silence > 0.2 && summary.unheard > 0.5)
    #expect(bench.hearing.summaryStart == summary.end)
  }

  @Test("a clock that is set a day back or forth changes neither order nor length of anything", arguments: [1, -1])
  func clockSteps(days: Int64) throws {
    let bench = try Bench()
    bench.hear(speech)
    bench.clock.step(days: days)
    bench.hear(speech)
    let times = bench.windows.map(\.end)
    #expect(times == times.sorted() && times.count == 20)
    for (a, b) in zip(times, times.dropFirst()) { #expect(abs(b.seconds - a.seconds - 0.512) < 1e-3) }
  }
}
