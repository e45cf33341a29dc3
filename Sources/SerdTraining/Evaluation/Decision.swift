import SerdCorpora
import SerdDetection

/// One classified recording.
package struct Decision: Codable, Equatable, Sendable {
  /// File name of the recording.
  package let recording: String
  /// Who speaks in it.
  package let speaker: String
  /// Index of the true label.
  package let truth: Int
  /// One per label; empty if the speech gate heard no speech.
  package var probabilities: [Float]
  /// Which of several corpora the recording is of; nil where there is one.
  package var corpus: String?

  /// A decision on a recording.
  package init(recording: String, speaker: String, truth: Int, probabilities: [Float], corpus: String? = nil) {
    self.recording = recording
    self.speaker = speaker
    self.truth = truth
    self.probabilities = probabilities
    self.corpus = corpus
  }

  /// Index of the likeliest label. A recording in which no speech was heard counts as an error: as label 0, or as
  /// label 1 if 0 is the true one.
  package var prediction: Int {
    probabilities.likeliest ?? (truth == 0 ? 1 : 0)
  }
}

extension Decision {
  /// What a model says of a recording of a corpus.
  init(_ recording: Recording, probabilities: [Float]) {
    self.init(
      recording: recording.name, speaker: recording.speaker, truth: recording.label, probabilities: probabilities,
      corpus: recording.corpus)
  }
}

extension Decision {
  /// The same recording as aroused (0) or calm (1); nil if its label is neither.
  func arousal(labels: [String]) -> Decision? {
    guard let truth = Arousal(label: labels[self.truth]) else { return nil }
    let aroused = probabilities.isEmpty ? nil : Arousal.aroused(probabilities: probabilities, labels: labels)
    return Decision(
      recording: recording, speaker: speaker, truth: truth == .aroused ? 0 : 1,
      probabilities: aroused.map { [$0, 1 - $0] } ?? [], corpus: corpus)
  }
}

extension [Decision] {
  /// The confusion matrix of these decisions.
  package func matrix(_ classes: Int) -> ConfusionMatrix {
    ConfusionMatrix(classes: classes, truths: map(\.truth), predictions: map(\.prediction))
  }
}

extension RandomAccessCollection where Index == Int, Element == Float {
  /// Place of the largest value, from 0, the first of equals; nil of nothing.
  var likeliest: Int? { indices.max { self[$0] < self[$1] }.map { $0 - startIndex } }
}
