import SerdCorpora

/// The last layers of a training on several corpora: side by side in one dense layer, the own corpus's first
/// (`Corpus.trained(beside:)`).
///
/// A recording teaches the layer of its own corpus only, and all layers before it; its softmax is over that corpus's
/// labels. So corpora with other labels, or that mean other things by the same word, help each other to hear and not to
/// name (multi-task learning: Caruana 1997). In the finished model only the own layer is left.
///
/// (A mixup of two corpora teaches the labels of both, as one softmax.)
package struct CorpusHeads: Sendable {
  /// Indices of every corpus's labels among all outputs.
  package let ranges: [Range<Int>]
  /// All outputs.
  package let classes: Int

  /// The layers of a corpus and those beside it.
  package init(of corpus: Corpus) {
    var ranges = [corpus.labels.indices]
    for labels in corpus.besideLabels {
      ranges.append(ranges.last!.upperBound..<ranges.last!.upperBound + labels.count)
    }
    self.ranges = ranges
    classes = ranges.last!.upperBound
  }

  /// The outputs of the corpus that a label is of.
  package func range(of label: Int) -> Range<Int> { ranges.first { $0.contains(label) }! }

  /// The target of a sound that says nothing of any of the own labels.
  package var indifference: [Float] { ownOutputs.map { $0 / Float(ranges[0].count) } }

  /// 1 for the own labels, which such a sound is asked about; 0 for others.
  package var ownOutputs: [Float] { (0..<classes).map { ranges[0].contains($0) ? 1 : 0 } }

  /// Takes the outputs that a sample is not asked about out of its softmax, and so out of its gradient. `asked` has 0
  /// for these, for every output of every sample.
  package func mask(_ logits: inout [Float], asked: [Float]) {
    // Far below what a network says, and finite: a loss may not meet infinity times zero.
    for i in logits.indices where asked[i] == 0 { logits[i] = -1e9 }
  }

  /// Of logits, samples × classes, those of the own corpus.
  package func own(of logits: [Float]) -> [Float] {
    guard ranges.count > 1 else { return logits }
    return stride(from: 0, to: logits.count, by: classes).flatMap { logits[$0..<$0 + ranges[0].count] }
  }

  /// Of a network's tensors, the last layer's rows of the own corpus, and all else as it is.
  func own(of tensors: [String: (shape: [Int], values: [Float])]) -> [String: (shape: [Int], values: [Float])] {
    var tensors = tensors
    for name in ["head.weight", "head.bias"] {
      let (shape, values) = tensors[name]!
      let rows = ranges[0].count
      tensors[name] = ([rows] + shape.dropFirst(), Array(values[..<(values.count / classes * rows)]))
    }
    return tensors
  }
}
