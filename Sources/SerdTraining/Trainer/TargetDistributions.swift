import SerdCorpora

/// What a network is to answer to a recording: its label, less the listeners' doubt, smoothed. Over the labels that the
/// recording's corpus has: it is not asked about others, those beside it (`CorpusHeads`) and those of corpora that it
/// is united with.
package struct TargetDistributions: Sendable {
  /// The last layers.
  package let heads: CorpusHeads
  /// Share that goes to all labels alike.
  private let labelSmoothing: Float
  /// How much of the listeners' doubt counts, 0 to 1: a recording that a tenth of them took for another emotion has a
  /// tenth to give to those. Where the votes are known they are what it goes to.
  private let listenerDoubt: Float
  private let labelsByPart: [String: [Int]]

  /// Of a corpus, with those beside it.
  package init(corpus: Corpus, labelSmoothing: Float, listenerDoubt: Float) {
    heads = CorpusHeads(of: corpus)
    self.labelSmoothing = labelSmoothing
    self.listenerDoubt = listenerDoubt
    labelsByPart = corpus.labelsByPart
  }

  /// 1 for the outputs that a recording is asked about, 0 for others.
  package func asked(_ recording: Recording) -> [Float] {
    let head = heads.range(of: recording.label)
    guard head.lowerBound == 0, let labels = recording.corpus.flatMap({ labelsByPart[$0] }) else {
      return (0..<heads.classes).map { head.contains($0) ? 1 : 0 }
    }
    var asked = [Float](repeating: 0, count: heads.classes)
    for label in labels { asked[label] = 1 }
    return asked
  }

  /// The distribution for a recording, one value for every output; they sum to 1.
  package func of(_ recording: Recording) -> [Float] {
    let asked = asked(recording)
    let classes = asked.reduce(0, +)
    let votes = votes(recording, asked: asked, classes: classes)
    return asked.indices.map { label in
      guard asked[label] == 1 else { return 0 }
      let acted: Float = label == recording.label ? 1 : 0
      let heard = (1 - listenerDoubt) * acted + listenerDoubt * votes[label]
      return (1 - labelSmoothing) * heard + labelSmoothing / classes
    }
  }

  /// What listeners said. Of some recordings only the share is known that named the acted emotion: the rest goes to the
  /// others alike.
  private func votes(_ recording: Recording, asked: [Float], classes: Float) -> [Float] {
    if let votes = recording.votes {
      let known = zip(votes, asked).map { $0 * $1 }
      let sum = known.reduce(0, +)
      if sum > 0 { return known.map { $0 / sum } + Array(repeating: 0, count: asked.count - known.count) }
    }
    let recognition = classes > 1 ? recording.recognition ?? 1 : 1
    return asked.indices.map {
      $0 == recording.label ? recognition : asked[$0] * (1 - recognition) / max(1, classes - 1)
    }
  }
}
