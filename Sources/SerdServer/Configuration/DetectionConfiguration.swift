import SerdDetection

/// What a user can set about emotion decisions, before the model's labels are known.
package struct DetectionConfiguration: Equatable, Sendable {
  /// Smoothed probability from which a label may begin, if it has no higher threshold of its own.
  package var begin = 0.5
  /// The end threshold as a share of the begin threshold.
  package var endRatio = 0.75
  /// Seconds.
  package var smoothingTime = 0.5
  /// Seconds.
  package var minimumTime = 0.5
  /// Seconds.
  package var refractoryTime = 1.0
  /// Seconds.
  package var longestPause = 2.5
  /// Windows with a smaller share of speech say nothing.
  package var leastSpeech = 0.65
  /// Windows that are farther from the training speech say nothing.
  package var largestNovelty: Float = 0.4
  /// Labels that make no events, separated by spaces.
  package var unreported = "calm neutral"

  /// The defaults, which are those of `EmotionTracker.Settings`.
  package init() {}
}

extension Configuration {
  /// The tracker's settings for a model's labels.
  ///
  /// - Throws: `ConfigurationError` for a threshold of a label that the model does not have.
  package func trackerSettings(labels: [String]) throws(ConfigurationError) -> EmotionTracker.Settings {
    for label in thresholds.keys.sorted() where !labels.contains(label) {
      throw ConfigurationError(
        at: "[\(ConfigurationLayers.thresholdSection)] \(label)",
        "the model has no such label\(NearestName.suggestion(for: label, in: labels)); it has \(labels.joined(separator: ", "))"
      )
    }
    var settings = EmotionTracker.Settings(labels: labels)
    let silent = Set(detection.unreported.split(separator: " ").map(String.init))
    settings.labels = labels.map { label in
      let usual = EmotionTracker.Settings.defaultBegins[label] ?? 0
      let begin = thresholds[label] ?? max(Double(usual), detection.begin)
      return EmotionTracker.Settings.Label(
        begin: Float(begin), end: Float(begin * detection.endRatio), isReported: !silent.contains(label))
    }
    settings.smoothingTime = detection.smoothingTime
    settings.minimumTime = detection.minimumTime
    settings.refractoryTime = detection.refractoryTime
    settings.longestPause = detection.longestPause
    settings.leastSpeech = detection.leastSpeech
    settings.largestNovelty = detection.largestNovelty
    return settings
  }
}
