/// The int8 encoder in scalar code: **the specification** that `Int8Encoder` equals to the bit, whatever the
/// instruction set. Much slower than the float encoder; for tests.
package final class Int8ReferenceEncoder: SpeechEncoder {
  private let encoder: QuantisedEncoder
  package var shape: EncoderShape { encoder.shape }

  package init(_ encoder: QuantisedEncoder) { self.encoder = encoder }

  /// The embedded input, then the output of each block, for frames as `LogMelWindow` scales them.
  package func outputs(ofScaled frames: [Float]) -> [Matrix] {
    var tokens = Matrix(frames, columns: EncoderShape.bands)
    for (convolution, stride) in zip(encoder.convolutions, [1, 2]) {
      tokens = tokens.threeTaps(stride: stride).times(convolution).mapValues(EncoderArithmetic.gelu)
    }
    tokens += Matrix.positions(rows: tokens.rows, columns: tokens.columns)
    var outputs = [tokens]
    for block in encoder.blocks {
      let normalised = tokens.mapRows { EncoderArithmetic.normalised($0, block.attentionNorm) }
      tokens += attention(normalised.times(block.queryKeyValue.scalingQueries(of: shape))).times(block.out)
      let hidden = tokens.mapRows { EncoderArithmetic.normalised($0, block.perceptronNorm) }.times(block.up)
      tokens += hidden.mapValues(EncoderArithmetic.gelu).times(block.down)
      outputs.append(tokens)
    }
    return outputs
  }

  package func pool(
    _ frames: UnsafePointer<Float>, count: Int, offset: Float, into features: UnsafeMutablePointer<Float>
  ) {
    let frames = Array(UnsafeBufferPointer(start: frames, count: count * EncoderShape.bands))
    let pooled = outputs(ofScaled: LogMelWindow.scaled(frames, offset: offset)).dropFirst().flatMap { output in
      let moments = (0..<shape.width).map { column in
        EncoderArithmetic.moments((0..<output.rows).map { output.values[$0 * shape.width + column] })
      }
      return moments.map(\.mean) + moments.map(\.deviation)
    }
    features.update(from: pooled, count: pooled.count)
  }

  private func attention(_ all: Matrix) -> Matrix {
    let (width, headWidth, tokens) = (shape.width, shape.headWidth, all.rows)
    var result = Matrix(rows: tokens, columns: width)
    for head in 0..<shape.heads {
      func vector(_ token: Int, part: Int) -> [Float] {
        let first = token * all.columns + part * width + head * headWidth
        return Array(all.values[first..<first + headWidth])
      }
      let keys = (0..<tokens).map { vector($0, part: 1) }
      let values = (0..<tokens).map { vector($0, part: 2) }
      for token in 0..<tokens {
        let query = vector(token, part: 0)
        let weights = EncoderArithmetic.softmax(keys.map { EncoderArithmetic.dotProduct(query, $0) })
        for i in 0..<headWidth {
          result.values[token * width + head * headWidth + i] =
            EncoderArithmetic.dotProduct(weights, values.lazy.map { $0[i] })
        }
      }
    }
    return result
  }
}

extension Matrix {
  fileprivate func mapValues(_ transform: (Float) -> Float) -> Matrix {
    Matrix(values.map(transform), columns: columns)
  }

  fileprivate func mapRows(_ transform: ([Float]) -> [Float]) -> Matrix {
    let rows = (0..<rows).map { transform(Array(self[$0])) }
    return Matrix(rows.flatMap { $0 }, columns: rows[0].count)
  }

  fileprivate func times(_ product: QuantisedProduct) -> Matrix {
    mapRows {
      let (row, grid) = EncoderArithmetic.quantised($0)
      return EncoderArithmetic.product(row, grid, product)
    }
  }
}
