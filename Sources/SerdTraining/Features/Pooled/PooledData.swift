import SerdCorpora
import SerdEncoder

/// Some recordings of a corpus with their pooled windows, as a head takes them: what is trained on or tested.
package struct PooledData: Sendable {
  /// Which values of the encoder's a head takes.
  package struct Selection: Sendable {
    package let shape: EncoderShape
    package let blocks: [Int]
    var inputs: Int { 2 * shape.width }
  }

  /// One window with speech.
  struct Window {
    /// Share of its frames in which the gate was open.
    let share: Float
    /// The mean over the head's blocks.
    let values: [Float]
    /// Means and mean squares of its cepstra.
    let moments: ArraySlice<Float>
  }

  package let corpus: Corpus
  package let features: PooledFeatures
  package let pooled: Selection
  /// Places in the corpus's recordings.
  package let indices: [Int]

  /// All recordings of a corpus.
  package init(corpus: Corpus, features: PooledFeatures, shape: EncoderShape, blocks: [Int]) {
    self.init(
      corpus: corpus, features: features, pooled: Selection(shape: shape, blocks: blocks),
      indices: Array(corpus.recordings.indices))
  }

  private init(corpus: Corpus, features: PooledFeatures, pooled: Selection, indices: [Int]) {
    (self.corpus, self.features, self.pooled, self.indices) = (corpus, features, pooled, indices)
  }

  /// The recordings at these places of the corpus, in this order.
  package func at(_ indices: [Int]) -> PooledData {
    PooledData(corpus: corpus, features: features, pooled: pooled, indices: indices)
  }

  func windows(of recording: Int, version: Int) -> [Window] {
    let all = features.windows(recording: recording, version: version)
    let (size, count) = (features.windowSize, pooled.inputs)
    return stride(from: 0, to: all.count, by: size).map { start in
      var values = [Float](repeating: 0, count: count)
      for block in pooled.blocks {
        for i in 0..<count { values[i] += all[start + 1 + block * count + i] }
      }
      if pooled.blocks.count > 1 {
        let share = 1 / Float(pooled.blocks.count)
        for i in 0..<count { values[i] *= share }
      }
      return Window(
        share: all[start], values: values, moments: all[(start + 1 + pooled.shape.pooledCount)..<(start + size)])
    }
  }
}
