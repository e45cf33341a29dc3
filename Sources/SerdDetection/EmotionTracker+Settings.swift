extension EmotionTracker {
  /// Thresholds and times of an `EmotionTracker`. Times are in seconds and act in whole hops.
  ///
  /// The defaults would rather miss than invent. Chosen for the model `emodb` on streams of some speakers and rooms, and measured on others
  /// (`tools/measure-detection report`; docs/detection.md has the tables and the intervals): in silence and room noise no emotion in 4
  /// hours, in music-like sound 3 in two hours; in neutral speech near the microphone none in German and 2 an hour in English; of acted German episodes 65 % near
  /// it and 65 % far from it are caught, 2.2 s after they begin, nine of ten with the right label. Another model needs other values.
  package struct Settings: Equatable, Sendable {
    /// What decides on one label.
    package struct Label: Equatable, Sendable {
      /// Smoothed probability from which the label may begin.
      package var begin: Float
      /// Smoothed probability below which it ends; at most `begin`.
      package var end: Float
      /// Whether it is reported as an emotion. A label that is not, neutral for one, is a state like any other but makes no event.
      package var isReported: Bool

      /// What decides on one label.
      package init(begin: Float, end: Float, isReported: Bool) {
        self.begin = begin
        self.end = end
        self.isReported = isReported
      }
    }

    /// One per label of the model.
    package var labels: [Label]
    /// Windows with a smaller share of speech are not asked what they sound like: models are trained on windows full of speech.
    package var leastSpeech = 0.65
    /// Time constant of the exponential smoothing of probabilities.
    package var smoothingTime = 0.5
    /// How long the smoothed probability must stay at or above `begin` before the label begins: one hop more.
    package var minimumTime = 0.5
    /// After an emotion's end was decided, how long none begins.
    package var refractoryTime = 1.0
    /// A longer pause in speech ends an emotion and forgets the probabilities.
    package var longestPause = 2.5
    /// Windows of greater novelty count as saying nothing: every label as likely as any other.
    package var largestNovelty: Float = 0.4

    /// Labels that are states but no emotions, unless configured otherwise.
    package static let unreportedLabels: Set<String> = ["neutral", "calm"]

    /// Begin threshold of labels without one of their own, and the least of any label.
    package static let defaultBegin: Float = 0.5
    /// Begin thresholds of the labels that a model trained on EMO-DB hears where it should not: anger and happiness in music, sadness in far
    /// or noisy neutral speech, boredom in other languages, disgust and fear in careful neutral speech.
    package static let defaultBegins: [String: Float] = [
      "anger": 0.75, "boredom": 0.99, "disgust": 0.8, "fear": 0.6, "happiness": 0.75, "sadness": 0.92,
    ]
    /// End thresholds as a share of the begin thresholds.
    package static let defaultEndShare: Float = 0.75

    /// The defaults for a model's labels.
    package init(labels: [String]) {
      self.labels = labels.map {
        let begin = Self.defaultBegins[$0] ?? Self.defaultBegin
        return Label(
          begin: begin, end: begin * Self.defaultEndShare, isReported: !Self.unreportedLabels.contains($0))
      }
    }

    /// What is wrong with these settings, or nil. For values from a configuration file.
    package func defect() -> String? {
      for label in labels {
        guard label.begin > 0, label.begin <= 1 else {
          return "a begin threshold of \(label.begin), not above 0 and up to 1"
        }
        guard label.end >= 0, label.end <= label.begin else {
          return "an end threshold of \(label.end), not from 0 to the begin threshold, \(label.begin)"
        }
      }
      let times = [
        ("smoothing time", smoothingTime), ("minimum time", minimumTime), ("refractory time", refractoryTime),
        ("longest pause", longestPause),
      ]
      for (name, time) in times where !(time >= 0 && time <= 3600) {
        return "a \(name) of \(time) s, not 0 to 3600"
      }
      guard leastSpeech >= 0, leastSpeech <= 1 else { return "a least share of speech of \(leastSpeech), not 0 to 1" }
      return largestNovelty > 0 ? nil : "a largest novelty of \(largestNovelty), not above 0"
    }
  }
}
