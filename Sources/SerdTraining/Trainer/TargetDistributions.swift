import SerdCorpora

/// What a network is to answer to a recording: its label, less the listeners' doubt, smoothed. Over the labels of the
/// recording's own corpus; those of others get 0 (`CorpusHeads`).
struct TargetDistributions: Sendable {
  let heads: CorpusHeads
  /// Share that goes to all labels alike.
  let labelSmoothing: Float
  /// How much of the listeners' doubt counts, 0 to 1: a recording that a tenth of them took for another emotion has a
  /// tenth to give to those.
  let listenerDoubt: Float

  /// The distribution for a recording, one value for every output; they sum to 1.
  func of(_ recording: Recording) -> [Float] {
    let head = heads.range(of: recording.label)
    let classes = Float(head.count)
    let doubt = listenerDoubt * (1 - (recording.recognition ?? 1))
    return (0..<heads.classes).map { label in
      guard head.contains(label) else { return 0 }
      let heard = label == recording.label ? 1 - doubt : doubt / (classes - 1)
      return (1 - labelSmoothing) * heard + labelSmoothing / classes
    }
  }
}
