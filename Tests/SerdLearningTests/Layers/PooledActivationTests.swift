import SerdLearning
import SerdNetwork
import SerdTestKit
import Testing

/// Affine map, activation and pool, of every instruction set that this processor has, against their definition in
/// double and its central differences. Images with whole cells and with cut ones at both edges; channels that fill no
/// register and some that do.
@Suite struct PooledActivationTests {
  /// One small image and all that a pass over it needs.
  struct Case: Sendable, CustomStringConvertible {
    let pool: (height: Int, width: Int)
    let channels: Int
    let prelu: Bool
    let rows: Int
    let width = 5
    var pooledRows: Int { (rows + pool.height - 1) / pool.height }
    var pooledWidth: Int { (width + pool.width - 1) / pool.width }
    var description: String { "\(rows) rows, pool \(pool), \(channels) channels, prelu \(prelu)" }
  }

  static let cases = [(2, 2), (2, 1), (1, 1), (3, 2)].flatMap { pool in
    [(6, 5), (16, 3), (19, 2)].flatMap { channels, rows in
      [false, true].map { Case(pool: pool, channels: channels, prelu: $0, rows: rows) }
    }
  }

  let generator = SeededGenerator(seed: 6)

  /// Σ weights · output for y, by the definition.
  private func objective(
    _ layer: Case, y: [Double], scale: [Double], shift: [Double], slope: [Double], weights: [Float], residual: [Float]
  ) -> Double {
    var sum = 0.0
    for cell in 0..<layer.pooledRows * layer.pooledWidth {
      let (top, left) = (cell / layer.pooledWidth * layer.pool.height, cell % layer.pooledWidth * layer.pool.width)
      let rows = top..<min(layer.rows, top + layer.pool.height)
      let columns = left..<min(layer.width, left + layer.pool.width)
      for channel in 0..<layer.channels {
        var total = 0.0
        for row in rows {
          for column in columns {
            let z = scale[channel] * y[(row * layer.width + column) * layer.channels + channel] + shift[channel]
            total += z > 0 ? z : (layer.prelu ? slope[channel] : 0) * z
          }
        }
        let output = total / Double(rows.count * columns.count) + Double(residual[cell])
        sum += Double(weights[cell * layer.channels + channel]) * output
      }
    }
    return sum
  }

  @Test("Pooled activations and their gradients are the definition and its central differences", arguments: cases)
  func passesAreTheDefinitionAndItsDifferences(layer: Case) {
    var generator = generator
    func random(_ count: Int) -> [Float] { (0..<count).map { _ in generator.gaussian() } }
    let (channels, cells) = (layer.channels, layer.pooledRows * layer.pooledWidth)
    let y = random(layer.rows * layer.width * channels)
    let (scale, shift) = (random(channels).map { 1.5 + 0.3 * $0 }, random(channels).map { 0.3 * $0 })
    let slope = random(channels).map { 0.3 + 0.1 * $0 }
    let (weights, residual) = (random(cells * channels), random(cells))
    func objective(_ y: [Double], _ scale: [Double], _ shift: [Double], _ slope: [Double]) -> Double {
      self.objective(layer, y: y, scale: scale, shift: shift, slope: slope, weights: weights, residual: residual)
    }
    let (wideY, wideScale) = (y.map(Double.init), scale.map(Double.init))
    let (wideShift, wideSlope) = (shift.map(Double.init), slope.map(Double.init))
    let h = 1e-6
    /// Derivative of the objective by one value of `values`.
    func derivative(_ values: [Double], _ i: Int, _ at: ([Double]) -> Double) -> Double {
      var (above, below) = (values, values)
      (above[i], below[i]) = (values[i] + h, values[i] - h)
      return (at(above) - at(below)) / (2 * h)
    }
    let expectedOutput = objective(wideY, wideScale, wideShift, wideSlope)
    // By y; divided by the scale it is dz.
    let dy = y.indices.map { derivative(wideY, $0) { objective($0, wideScale, wideShift, wideSlope) } }
    let dz = dy.enumerated().map { $1 / wideScale[$0 % channels] }
    let dScale = (0..<channels).map { derivative(wideScale, $0) { objective(wideY, $0, wideShift, wideSlope) } }
    let dShift = (0..<channels).map { derivative(wideShift, $0) { objective(wideY, wideScale, $0, wideSlope) } }
    let dSlope = (0..<channels).map { derivative(wideSlope, $0) { objective(wideY, wideScale, wideShift, $0) } }
    let coefficients = random(3 * channels)

    // Pooled pixels lie apart, as in the paths' common output.
    let pooled = PooledActivation.Pooled(rowStride: layer.pooledWidth * (channels + 3) + 1, pixelStride: channels + 3)
    func place(_ cell: Int, _ channel: Int) -> Int {
      cell / layer.pooledWidth * (layer.pooledWidth * (channels + 3) + 1) + cell % layer.pooledWidth * (channels + 3)
        + channel
    }
    var spread = [Float](repeating: .nan, count: place(cells - 1, channels))
    for cell in 0..<cells {
      for channel in 0..<channels { spread[place(cell, channel)] = weights[cell * channels + channel] }
    }
    for kernels in TrainingKernels.all {
      let activation = PooledActivation(
        width: layer.width, channels: channels, pool: .init(layer.pool.height, layer.pool.width), kernels: kernels)
      var output = spread.map { _ in Float.nan }
      var gradient = y
      var sums = [Double](repeating: 0, count: 3 * channels)
      // The same from z, as the paths do it.
      var z = y.enumerated().map { scale[$0 % channels] * $1 + shift[$0 % channels] }
      var outputOfZ = output
      var slopeSums = [Double](repeating: 0, count: channels)
      scale.withUnsafeBufferPointer { scale in
        shift.withUnsafeBufferPointer { shift in
          slope.withUnsafeBufferPointer { slope in
            let slope = layer.prelu ? slope.baseAddress : nil
            let affine = PooledActivation.Affine(scale: scale.baseAddress!, shift: shift.baseAddress!)
            residual.withUnsafeBufferPointer { residual in
              activation.forward(
                y, rows: layer.rows, affine: affine, slope: slope, residual: residual.baseAddress, into: &output, pooled
              )
              activation.forward(
                z, rows: layer.rows, affine: nil, slope: slope, residual: residual.baseAddress, into: &outputOfZ, pooled
              )
            }
            activation.addSums(
              y, rows: layer.rows, affine: affine, slope: slope, outputGradient: spread, pooled, to: &sums)
            activation.replaceByGradient(
              &gradient, rows: layer.rows, affine: affine, slope: slope, coefficients: coefficients,
              outputGradient: spread, pooled)
            activation.backward(
              &z, rows: layer.rows, slope: slope, slopeGradient: &slopeSums, outputGradient: spread, pooled)
          }
        }
      }
      for output in [output, outputOfZ] {
        var actual = 0.0
        for cell in 0..<cells {
          for channel in 0..<channels {
            actual += Double(output[place(cell, channel)]) * Double(weights[cell * channels + channel])
          }
        }
        #expect(abs(actual - expectedOutput) < 1e-4, "\(kernels.name)")
        #expect(output.filter(\.isNaN).count == output.count - cells * channels, "\(kernels.name): nothing between")
      }
      #expect(relativeError(z, dz) < 1e-6, "\(kernels.name)")
      let expected = y.indices.map { i in
        let channel = i % channels
        return Double(coefficients[channel]) * dz[i] + Double(coefficients[channels + channel]) * wideY[i]
          + Double(coefficients[2 * channels + channel])
      }
      #expect(relativeError(gradient, expected) < 1e-6, "\(kernels.name)")
      #expect(relativeError(sums[..<channels].map { Float($0) }, dShift) < 2e-6, "\(kernels.name)")
      #expect(relativeError(sums[channels..<2 * channels].map { Float($0) }, dScale) < 2e-6, "\(kernels.name)")
      if layer.prelu {
        #expect(relativeError(sums[(2 * channels)...].map { Float($0) }, dSlope) < 2e-6, "\(kernels.name)")
        #expect(relativeError(slopeSums.map { Float($0) }, dSlope) < 2e-6, "\(kernels.name)")
      } else {
        #expect(sums[(2 * channels)...].allSatisfy { $0 == 0 } && slopeSums.allSatisfy { $0 == 0 }, "\(kernels.name)")
      }
    }
  }

  @Test("Moments are the sums of values and of squares, added to what was there", arguments: [3, 16, 37])
  func momentsAreSums(channels: Int) {
    var generator = generator
    let y = (0..<4 * 5 * channels).map { _ in generator.gaussian() }
    var expected = [Double](repeating: 1, count: 2 * channels)
    for (i, value) in y.enumerated() {
      expected[i % channels] += Double(value)
      expected[channels + i % channels] += Double(value) * Double(value)
    }
    for kernels in TrainingKernels.all {
      var sums = [Double](repeating: 1, count: 2 * channels)
      kernels.table.moments(y, 4, 5, Int32(channels), &sums)
      #expect(relativeError(sums.map { Float($0) }, expected) < 1e-6, "\(kernels.name)")
    }
  }
}
