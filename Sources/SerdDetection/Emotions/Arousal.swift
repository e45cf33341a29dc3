/// Whether an emotion is an aroused or a calm one, by the name of its label.
///
/// The grouping of Schuller et al., "Acoustic emotion recognition: a benchmark comparison of performances", ASRU 2009,
/// for EMO-DB (boredom, disgust, neutral and sadness are calm), extended to the other corpora's labels by the same
/// idea.
///
/// EMO-DB, speakers unknown to the model: UA 96.3 % [94.5, 98.1], where seven labels have 82.3 %
/// (`tools/measure-detection arousal runs/loso`).
package enum Arousal: String, Equatable, Sendable {
  case aroused
  case calm

  private static let arousedLabels: Set<String> = ["anger", "excitement", "fear", "happiness", "pain", "surprise"]
  private static let calmLabels: Set<String> = [
    "boredom", "calm", "disappointment", "disgust", "neutral", "pleasure", "sadness",
  ]

  /// The arousal that goes with a label; nil for a label that this table does not know.
  package init?(label: String) {
    if Self.arousedLabels.contains(label) {
      self = .aroused
    } else if Self.calmLabels.contains(label) {
      self = .calm
    } else {
      return nil
    }
  }

  /// The probability of aroused speech: what the aroused labels have of the probability of all known ones; nil if no
  /// known label has any.
  package static func aroused(probabilities: [Float], labels: [String]) -> Float? {
    precondition(probabilities.count == labels.count, "\(probabilities.count) probabilities of \(labels.count) labels")
    var (aroused, known): (Float, Float) = (0, 0)
    for (label, probability) in zip(labels, probabilities) {
      guard let arousal = Arousal(label: label) else { continue }
      known += probability
      if arousal == .aroused { aroused += probability }
    }
    return known > 0 ? aroused / known : nil
  }
}
