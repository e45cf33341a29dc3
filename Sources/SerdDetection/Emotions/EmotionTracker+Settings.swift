extension EmotionTracker {
  /// Thresholds and times of an `EmotionTracker`, as a user sets them: labels by name, whatever a model's are. Times
  /// are in seconds and act in whole hops.
  ///
  /// The defaults would rather miss than invent. They were chosen for the model `emodb` on streams of some speakers and
  /// rooms, and measured on others (`tools/measure-detection report`; docs/detection.md has the tables and the
  /// intervals). In silence and room noise no emotion began in 4 hours, in music-like sound 3 in two hours. In neutral
  /// speech near the microphone none began in German, and 2 an hour in English. Of acted German episodes 65 % are
  /// caught, near the microphone and far from it, 2.2 s after they begin, nine of ten with the right label. Another
  /// model needs other values.
  package struct Settings: Equatable, Sendable {
    /// The least smoothed probability from which any label may begin.
    package var begin = 0.5
    /// Begin thresholds of single labels. A label that is not here has `begin`, or its usual one if that is higher.
    package var begins: [String: Double] = [:]
    /// A label ends below this share of its begin threshold.
    package var endRatio = 0.75
    /// Labels that are states but make no events.
    package var unreported = ["calm", "neutral"]
    /// Windows with a smaller share of speech are not asked what they sound like: models are trained on windows full of
    /// speech.
    package var leastSpeech = 0.65
    /// Time constant of the exponential smoothing of probabilities.
    package var smoothingTime = 0.5
    /// How long the smoothed probability must stay at or above the begin threshold before the label begins: one hop
    /// more.
    package var minimumTime = 0.5
    /// After an emotion's end was decided, how long none begins.
    package var refractoryTime = 1.0
    /// A longer pause in speech ends an emotion and forgets the probabilities.
    package var longestPause = 2.5
    /// Windows of greater novelty count as saying nothing: every label as likely as any other.
    package var largestNovelty: Float = 0.4

    /// Begin thresholds of the labels that a model trained on EMO-DB hears where it should not: anger and happiness in
    /// music, sadness in far or noisy neutral speech, boredom in other languages, disgust and fear in careful neutral
    /// speech.
    package static let usualBegins: [String: Float] = [
      "anger": 0.75, "boredom": 0.99, "disgust": 0.8, "fear": 0.6, "happiness": 0.75, "sadness": 0.92,
    ]

    /// The defaults.
    package init() {}

    /// What decides on each of a model's labels.
    package func labels(_ names: [String]) -> [Label] {
      names.map { name in
        let begin = begins[name] ?? max(Double(Self.usualBegins[name] ?? 0), begin)
        return Label(begin: Float(begin), end: Float(begin * endRatio), isReported: !unreported.contains(name))
      }
    }

    /// What is wrong with these settings, whatever the labels, or nil.
    package func defect() -> String? {
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

  /// What decides on one label.
  package struct Label: Equatable, Sendable {
    /// Smoothed probability from which the label may begin.
    package var begin: Float
    /// Smoothed probability below which it ends; at most `begin`.
    package var end: Float
    /// Whether it is reported as an emotion. A label that is not, neutral for one, is a state like any other but makes
    /// no event.
    package var isReported: Bool

    /// All of it.
    package init(begin: Float, end: Float, isReported: Bool) {
      self.begin = begin
      self.end = end
      self.isReported = isReported
    }

    /// What is wrong with it, or nil.
    package func defect() -> String? {
      guard begin > 0, begin <= 1 else { return "a begin threshold of \(begin), not above 0 and up to 1" }
      guard end >= 0, end <= begin else {
        return "an end threshold of \(end), not from 0 to the begin threshold, \(begin)"
      }
      return nil
    }
  }
}
