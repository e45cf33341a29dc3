import SerdDetection
import Testing

@Suite struct EmotionTrackerTests {
  @Test("Silence is quiet and decides nothing")
  func silence() {
    let run = TrackedSequence(times(20, .pause(0)))
    #expect(run.decisions.isEmpty)
    #expect(run.states.allSatisfy { $0 == .quiet })
  }

  @Test("Speech that sounds like nothing in particular is uncertain, a state of its own")
  func unclear() {
    let run = TrackedSequence(times(20, .unclear))
    #expect(run.decisions.isEmpty)
    #expect(run.states.allSatisfy { $0 == .uncertain })
  }

  @Test("An emotion begins once its probability has stayed above the threshold for the minimum time")
  func minimumTime() {
    var settings = plainSettings()
    settings.minimumTime = 1
    let run = TrackedSequence(times(2, .anger(0.9)) + [.unclear] + times(3, .anger(0.9)), settings: settings)
    #expect(run.states == times(5, .unclear).map { _ in .uncertain } + [.label(0)])
    #expect(run.decisions.map(\.kind) == [.began])
  }

  @Test("Between the two thresholds an emotion goes on but does not begin")
  func hysteresis() {
    let between = TrackedSequence(times(10, .anger(0.5)))
    #expect(between.decisions.isEmpty)
    let run = TrackedSequence(times(3, .anger(0.9)) + times(10, .anger(0.5)) + [.anger(0.3)])
    #expect(run.states.dropFirst().dropLast().allSatisfy { $0 == .label(0) })
    #expect(run.decisions.map(\.kind) == [.began, .ended])
  }

  @Test("Each label has its own thresholds")
  func perLabel() {
    var labels = plainLabels()
    labels[0].begin = 0.95
    #expect(TrackedSequence(times(5, .anger(0.9)), labels: labels).decisions.isEmpty)
    #expect(TrackedSequence(times(5, .sadness(0.9)), labels: labels).decisions.map(\.label) == [1])
  }

  @Test("Neutral is a state but no event, unless it is to be reported")
  func neutral() {
    let run = TrackedSequence(times(5, .neutral(0.9)) + times(8, .pause(0)))
    #expect(run.states[4] == .label(2))
    #expect(run.decisions.isEmpty)
    var labels = plainLabels()
    labels[2].isReported = true
    let reported = TrackedSequence(times(5, .neutral(0.9)) + times(8, .pause(0)), labels: labels)
    #expect(reported.decisions.map(\.kind) == [.began, .ended])
  }

  @Test("Another label that qualifies ends the present one and begins")
  func handOver() {
    let run = TrackedSequence(times(3, .anger(0.9)) + times(3, .sadness(0.9)))
    #expect(run.decisions.map(\.kind) == [.began, .ended, .began])
    #expect(run.decisions.map(\.label) == [0, 0, 1])
    #expect(run.decisions.map(\.id) == [1, 1, 2])
  }

  @Test("A short pause is bridged, a long one ends the emotion and is quiet")
  func pauses() {
    // A window is 2 s, so these pauses start 2 s before the end of the first hop without speech.
    let short = TrackedSequence(times(3, .anger(0.9)) + times(2, .pause(0)) + times(3, .anger(0.9)))
    #expect(short.decisions.map(\.kind) == [.began])
    #expect(!short.states.contains(.quiet))
    let long = TrackedSequence(times(3, .anger(0.9)) + times(3, .pause(0)))
    #expect(long.decisions.map(\.kind) == [.began, .ended])
    #expect(long.states.last == .quiet)
  }

  @Test("After an emotion's end none begins for the refractory time")
  func refractory() {
    var settings = plainSettings()
    settings.refractoryTime = 2
    let run = TrackedSequence(times(3, .anger(0.9)) + [.unclear] + times(8, .anger(0.9)), settings: settings)
    // The end is decided with the fourth hop; 2 s are four hops.
    #expect(run.states[3..<7].allSatisfy { $0 == .uncertain })
    #expect(run.states[7] == .label(0))
    #expect(run.decisions.map(\.id) == [1, 1, 2])
  }

  @Test("Smoothing forgets with its time constant")
  func smoothing() {
    var settings = plainSettings()
    settings.smoothingTime = 1
    var run = TrackedSequence(settings)
    run.hear([.anger(1), .anger(0)])
    #expect(abs(run.tracker.smoothed[0] - 0.6065) < 1e-4)  // exp(-0.5)
    run.hear(times(8, .pause(0)))
    #expect(run.tracker.smoothed.allSatisfy { abs($0 - 1 / 3) < 1e-6 })
  }

  @Test("Windows far from what the model knows count as saying nothing")
  func novelty() {
    var settings = plainSettings()
    settings.largestNovelty = 2
    var run = TrackedSequence(settings)
    for _ in 0..<5 {
      var hop = Heard.anger(0.9).hop(end: run.time + Heard.hop)
      hop.novelty = 2.1
      run.hear(hop)
    }
    #expect(run.states.allSatisfy { $0 == .uncertain })
    run.hear(times(2, .anger(0.9)))
    #expect(run.states.last == .label(0))
  }

  @Test("Windows with little speech are not asked: they neither begin nor end anything, but for so long")
  func littleSpeech() {
    func sparse(_ p: Float, end: Double) -> Hop {
      Hop(end: end, probabilities: [p, (1 - p) / 2, (1 - p) / 2], level: -20, speechRatio: 0.5)
    }
    var settings = plainSettings()
    settings.leastSpeech = 0.65
    var run = TrackedSequence(settings)
    for _ in 0..<6 { run.hear(sparse(1, end: run.time + Heard.hop)) }
    #expect(run.decisions.isEmpty && run.states.allSatisfy { $0 == .uncertain })
    run.hear(times(2, .anger(0.9)))
    #expect(run.decisions.map(\.kind) == [.began])
    let heard = run.time
    for _ in 0..<5 { run.hear(sparse(0, end: run.time + Heard.hop)) }
    #expect(run.states.last == .label(0))
    run.hear(sparse(0, end: run.time + Heard.hop))  // 3 s, more than the longest pause
    #expect(run.states.last == .uncertain)
    #expect(run.decisions.last?.end == heard)
  }

  @Test("New settings take effect at once and keep what is under way")
  func newSettings() {
    var run = TrackedSequence(times(3, .anger(0.8)))
    run.tracker.labels[0].begin = 0.9
    run.tracker.labels[0].isReported = false
    run.hear([.anger(0.8)])
    #expect(run.decisions.map(\.kind) == [.began])
    run.tracker.labels[0].end = 0.85
    run.hear([.anger(0.8), .anger(0.8), .anger(0.8)])
    #expect(run.decisions.map(\.kind) == [.began, .ended])
    #expect(run.decisions.map(\.id) == [1, 1])
  }

  @Test("Unusable thresholds are named", arguments: [Float(0), 1.1, .nan])
  func unusableThresholds(begin: Float) {
    var label = plainLabels()[1]
    #expect(label.defect() == nil)
    label.begin = begin
    #expect(label.defect()?.contains("begin threshold") == true)
    label = plainLabels()[1]
    label.end = 0.7
    #expect(label.defect()?.contains("end threshold") == true)
  }

  @Test("A label has its own threshold, or the higher of the common and the usual one")
  func namedThresholds() {
    var settings = EmotionTracker.Settings()
    settings.begin = 0.7
    settings.endRatio = 0.5
    settings.begins = ["anger": 0.3]
    settings.unreported = ["joy"]
    let labels = settings.labels(["anger", "sadness", "fear", "joy"])
    #expect(labels.map(\.begin) == [0.3, 0.92, 0.7, 0.7])
    #expect(labels.map(\.end) == [0.15, 0.46, 0.35, 0.35])
    #expect(labels.map(\.isReported) == [true, true, true, false])
  }

  @Test("Unusable settings are named")
  func unusableSettings() {
    var settings = plainSettings()
    #expect(settings.defect() == nil)
    settings.refractoryTime = -.infinity
    #expect(settings.defect()?.contains("refractory time") == true)
    settings = plainSettings()
    settings.largestNovelty = .nan
    #expect(settings.defect()?.contains("novelty") == true)
  }
}
