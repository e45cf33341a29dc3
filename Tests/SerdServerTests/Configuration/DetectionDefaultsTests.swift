import SerdDetection
import SerdServer
import Testing

@Suite struct DetectionDefaultsTests {
  @Test("Without a configuration the tracker's own defaults hold, label by label")
  func defaults() throws {
    let labels = ["anger", "boredom", "disgust", "fear", "happiness", "sadness", "neutral"]
    let configured = try Configuration().trackerSettings(labels: labels)
    var own = EmotionTracker.Settings(labels: labels)
    for (one, other) in zip(configured.labels, own.labels) {
      #expect(abs(one.begin - other.begin) < 1e-6 && abs(one.end - other.end) < 1e-6)
      #expect(one.isReported == other.isReported)
    }
    own.labels = configured.labels
    #expect(configured == own)
  }
}
