import SerdNetwork
import SerdTestKit
import Testing

/// The scalar int8 operation against a second implementation, written from ARCHITECTURE.md, "Int8 arithmetic", with
/// explicit padding, 64-bit integers and PyTorch's layout.
@Suite struct FusedConvolutionTests {
  /// The whole operation at one output cell, the plain way.
  private func expected(
    _ model: QuantisedModel, layer index: Int, input: [Int8], y: Int, x: Int, channel: Int
  ) -> Int {
    let shape = model.description.layerShapes[index]
    let weights = model.layers[index]
    let (from, to) = (model.inputActivation(ofLayer: index), model.outputActivation(ofLayer: index))
    let isLast = index == model.layers.count - 1
    let pool = isLast ? shape.input : shape.block.pool ?? .init(1, 1)
    let multiplier = from.scale * weights.scales[channel] / to.scale
    let isPReLU = !weights.slopes.isEmpty
    var (sum, count) = (0, 0)
    for row in y * pool.height..<(y + 1) * pool.height where row < shape.input.height {
      for column in x * pool.width..<(x + 1) * pool.width where column < shape.input.width {
        var acc = Int(weights.biases[channel])
        for i in 0..<shape.inputChannels {
          for ky in 0..<shape.block.kernel.height {
            for kx in 0..<shape.block.kernel.width {
              let (r, c) = (
                row + ky - (shape.block.kernel.height - 1) / 2, column + kx - (shape.block.kernel.width - 1) / 2
              )
              let isInside = (0..<shape.input.height).contains(r) && (0..<shape.input.width).contains(c)
              // A padded tap holds the zero point.
              let q = isInside ? Int(input[(r * shape.input.width + c) * shape.inputChannels + i]) : from.zeroPoint
              let tap =
                ((channel * shape.inputChannels + i) * shape.block.kernel.height + ky) * shape.block.kernel.width + kx
              acc += (q - from.zeroPoint) * Int(weights.values[tap])
            }
          }
        }
        count += 1
        guard isPReLU else {
          sum += max(acc, 0)
          continue
        }
        let grid = 16 * multiplier
        let slope = acc < 0 ? grid * weights.slopes[channel] : grid
        sum += Int((Float(acc) * slope).rounded(.toNearestOrEven))
        if model.description.architecture.hasPathResidual, index < 3 {
          let own = Int(input[row * shape.input.width + column]) - from.zeroPoint
          sum += Int((Float(own) * (16 * from.scale / to.scale)).rounded(.toNearestOrEven))
        }
      }
    }
    let scale = isPReLU ? 1 / (16 * Float(count)) : multiplier / Float(count)
    return max(-128, min(127, Int((Float(sum) * scale).rounded(.toNearestOrEven)) + to.zeroPoint))
  }

  enum Input: CaseIterable { case random, lowest, highest, zeroPoint }

  private func input(_ kind: Input, count: Int, zeroPoint: Int, generator: inout TestGenerator) -> [Int8] {
    (0..<count).map { _ in
      switch kind {
      case .random: Int8.random(in: -128...127, using: &generator)
      case .lowest: -128
      case .highest: 127
      case .zeroPoint: Int8(zeroPoint)
      }
    }
  }

  @Test(
    "Every layer gives the integers of the plain formula, and writes nothing beside its channels",
    arguments: [NetworkArchitecture.Activation.relu, .prelu], Input.allCases)
  func everyLayerEqualsThePlainFormula(activation: NetworkArchitecture.Activation, kind: Input) throws {
    for (seed, content) in [(UInt64(1), TestModels.Content.random), (2, .extreme)] {
      // 21 × 40 meets odd edges along both axes, down to a 2-frame image.
      let model = try TestModels.quantised(
        TestModels.narrow(activation), windowFrames: 21, content: content, seed: seed)
      var generator = TestGenerator(seed: seed)
      for (index, shape) in model.description.layerShapes.enumerated() {
        let zeroPoint = model.inputActivation(ofLayer: index).zeroPoint
        let values = input(
          kind, count: shape.input.count * shape.inputChannels, zeroPoint: zeroPoint, generator: &generator)
        let operation = FusedConvolution(model: model, layer: index)
        let size = operation.outputSize
        let stride = shape.block.channels + 5
        var output = [Int8](repeating: 99, count: size.count * stride)
        operation.apply(values, into: &output, channelStride: stride, channelOffset: 3)
        for cell in 0..<size.count {
          for channel in 0..<shape.block.channels {
            let value = expected(
              model, layer: index, input: values, y: cell / size.width, x: cell % size.width, channel: channel)
            guard Int(output[cell * stride + 3 + channel]) != value else { continue }
            Issue.record(
              "\(shape.name) cell \(cell) channel \(channel): \(output[cell * stride + 3 + channel]), not \(value)")
            return
          }
          #expect(output[cell * stride] == 99 && output[cell * stride + stride - 1] == 99, "wrote beside its channels")
        }
      }
    }
  }

  @Test("Requantisation rounds ties to even, and saturates")
  func requantisationRoundsToEvenAndSaturates() {
    #expect(Requantisation.requantise(5, scale: 0.5, zeroPoint: 0) == 2)
    #expect(Requantisation.requantise(7, scale: 0.5, zeroPoint: 0) == 4)
    #expect(Requantisation.requantise(-5, scale: 0.5, zeroPoint: 0) == -2)
    #expect(Requantisation.requantise(.max, scale: 1, zeroPoint: 127) == 127)
    #expect(Requantisation.requantise(.min, scale: 1e30, zeroPoint: -128) == -128)
    #expect(Requantisation.requantise(300, scale: 1, zeroPoint: -128) == 127)
    #expect(Requantisation.requantise(-300, scale: 1, zeroPoint: 127) == -128)
    #expect(Requantisation.requantise(-100, scale: 1, zeroPoint: 127) == 27)
  }

  @Test("An activation's grid covers its range to a step, with an exact zero")
  func activationGridsCoverTheirRangeWithAnExactZero() {
    for (low, high) in [(Float(0), Float(6)), (-1, 3), (-2, 0), (0, 0), (-1e-9, 1e-9), (0.5, 2)] {
      let grid = QuantisedModel.Activation(covering: low, high)
      #expect((-128...127).contains(grid.zeroPoint) && grid.scale > 0)
      #expect(Float(127 - grid.zeroPoint) * grid.scale >= high - grid.scale)
      #expect(Float(-128 - grid.zeroPoint) * grid.scale <= low + grid.scale)
    }
  }
}
