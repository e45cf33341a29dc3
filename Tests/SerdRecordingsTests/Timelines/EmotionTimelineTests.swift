import SerdDetection
import SerdPipeline
import SerdRecordings
import SerdTestKit
import Testing

@Suite struct EmotionTimelineTests {
  /// Windows of 2 s every half second; an index of `TestModels.labels` each, nil where nobody speaks.
  private func windows(_ labels: [Int?]) -> [WindowResult] {
    labels.enumerated().map { index, label in
      let probabilities = label.map { label in (0..<7).map { $0 == label ? Float(0.94) : 0.01 } }
      return WindowResult(
        start: Double(index) / 2, openShare: label == nil ? 0 : 1, level: -20, novelty: 0,
        probabilities: probabilities)
    }
  }

  private func stretches(_ windows: [WindowResult], duration: Double) throws -> [EmotionStretch] {
    let description = try TestModels.quantised(TestModels.narrow(.relu), windowFrames: 122).description
    var timeline = EmotionTimeline(settings: EmotionTracker.Settings(), description: description)
    for window in windows { timeline.hear(window) }
    return timeline.finish(duration: duration)
  }

  @Test("Emotions are those that the tracker tells, in order, and neutral speech is none")
  func emotions() throws {
    let anger = [Int?](repeating: 0, count: 10)
    let pause = [Int?](repeating: nil, count: 12)
    let neutral = [Int?](repeating: 6, count: 10)
    let disgust = [Int?](repeating: 2, count: 10)
    let heard = windows(anger + pause + neutral + pause + disgust)
    let found = try stretches(heard, duration: 29)
    #expect(found.map(\.label) == ["anger", "disgust"])
    #expect(found.allSatisfy { $0.confidence > 0.8 && $0.end > $0.start })
    #expect(abs(found[0].start - 1) < 0.6 && abs(found[0].end - 5) < 0.6)
    #expect(abs(found[1].start - 23) < 1 && found[1].end <= 29)
  }

  @Test("What still lasts at the end ends with the recording, also where the last window is longer")
  func end() throws {
    let found = try stretches(windows(Array(repeating: 0, count: 8)), duration: 4.25)
    #expect(found.map(\.end) == [4.25])
  }

  @Test("Nothing heard is no emotion")
  func nothing() throws {
    #expect(try stretches([], duration: 0).isEmpty)
    #expect(try stretches(windows([nil, nil, nil]), duration: 3).isEmpty)
  }
}
