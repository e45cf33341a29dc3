/// The encoder in single precision, written as its definition reads: what int8 is measured against. Slow: some 0.1 s
/// for two blocks on a window of 2 s.
package final class FloatEncoder: SpeechEncoder {
  package let weights: EncoderWeights
  package var shape: EncoderShape { weights.shape }

  package init(_ weights: EncoderWeights) { self.weights = weights }

  /// The embedded input, then the output of each block, for frames as `LogMelWindow` scales them.
  package func outputs(ofScaled frames: [Float]) -> [Matrix] {
    var tokens = Matrix(frames, columns: EncoderShape.bands)
    for (convolution, stride) in zip(weights.convolutions, [1, 2]) {
      tokens = tokens.threeTaps(stride: stride).times(convolution).gelu()
    }
    tokens += Matrix.positions(rows: tokens.rows, columns: tokens.columns)
    var outputs = [tokens]
    for block in weights.blocks {
      tokens += tokens.normalised(block.attentionNorm).times(block.queryKeyValue).attention(weights.shape)
        .times(block.out)
      tokens += tokens.normalised(block.perceptronNorm).times(block.up).gelu().times(block.down)
      outputs.append(tokens)
    }
    return outputs
  }

  package func pool(
    _ frames: UnsafePointer<Float>, count: Int, offset: Float, into features: UnsafeMutablePointer<Float>
  ) {
    let frames = Array(UnsafeBufferPointer(start: frames, count: count * EncoderShape.bands))
    let pooled = outputs(ofScaled: LogMelWindow.scaled(frames, offset: offset)).dropFirst().flatMap { $0.pooled() }
    features.update(from: pooled, count: pooled.count)
  }
}

extension Matrix {
  /// The means of the columns, then their deviations.
  func pooled() -> [Float] {
    let means = (0..<columns).map { column in
      (0..<rows).reduce(Float(0)) { $0 + values[$1 * columns + column] } / Float(rows)
    }
    let deviations = (0..<columns).map { column in
      ((0..<rows).reduce(Float(0)) {
        let difference = values[$1 * columns + column] - means[column]
        return $0 + difference * difference
      } / Float(rows)).squareRoot()
    }
    return means + deviations
  }
}
