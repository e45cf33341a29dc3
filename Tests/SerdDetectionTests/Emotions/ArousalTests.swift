import SerdDetection
import Testing

@Suite struct ArousalTests {
  @Test("Every label of the corpora is aroused or calm, but not the catch-all ones")
  func labels() {
    let aroused = ["anger", "fear", "happiness", "surprise", "excitement", "pain"]
    let calm = ["boredom", "disgust", "sadness", "neutral", "calm", "pleasure", "disappointment"]
    #expect(aroused.allSatisfy { Arousal(label: $0) == .aroused })
    #expect(calm.allSatisfy { Arousal(label: $0) == .calm })
    #expect(Arousal(label: "breath or other") == nil)
  }

  @Test("Aroused speech is what the aroused labels have of the known ones' probability")
  func probability() {
    let labels = ["anger", "sadness", "other"]
    #expect(Arousal.aroused(probabilities: [0.3, 0.1, 0.6], labels: labels) == 0.75)
    #expect(Arousal.aroused(probabilities: [0, 0, 1], labels: labels) == nil)
  }
}
