import CInt8Kernels

/// What a layer's kernels need besides the input, computed from the model in the order of operations that
/// `FusedConvolution` fixes.
struct LayerTables {
  let shape: LayerShape
  let pool: NetworkArchitecture.Extent
  let readsPlanes: Bool
  let isGlobal: Bool
  let paddedChannels: Int
  let outputZeroPoint: Int32
  /// Whether no output can exceed 2^30 steps, clamped or not.
  let isBounded: Bool
  /// Whether a plane's runs of taps go down.
  let isDown: Bool
  /// Groups of 4 input bytes per output.
  let steps: Int
  /// [channels][steps][4].
  let weights: [Int8]
  /// `serd_int8_layer.biases`, and so on.
  let biases: [Int32]
  let scales: [Float]
  let grid: [Float]
  let residual: [Int32]

  init(model: QuantisedModel, layer index: Int, kernels: serd_int8_kernels) {
    let description = model.description
    let shapes = description.layerShapes
    let pathCount = description.architecture.paths.count
    shape = shapes[index]
    readsPlanes = index < pathCount
    isGlobal = index == shapes.count - 1
    pool = isGlobal ? shape.input : shape.block.pool ?? NetworkArchitecture.Extent(1, 1)
    let lanes = Int(kernels.vector_channels)
    paddedChannels = (shape.block.channels + lanes - 1) / lanes * lanes
    let kernel = shape.block.kernel
    isDown = readsPlanes && kernel.width * Self.groups(kernel.height) < kernel.height * Self.groups(kernel.width)
    let slots = Self.slots(description.architecture, layer: index)
    let order =
      readsPlanes ? Self.planeOrder(kernel, isDown: isDown) : Self.imageOrder(kernel, channels: slots)
    steps = order.count / 4
    weights = Self.ordered(model.layers[index].values, order, channels: shape.block.channels)

    let (input, output) = (model.inputActivation(ofLayer: index), model.outputActivation(ofLayer: index))
    outputZeroPoint = Int32(output.zeroPoint)
    let zero = kernels.flip == 0 ? input.zeroPoint : input.zeroPoint + 128
    biases = Self.biases(
      model.layers[index], storedZero: zero, shape, isPlane: readsPlanes, padded: paddedChannels)
    let multipliers = model.multipliers(layer: index)
    // PReLU's sums are bounded by 127 cells of its grid.
    isBounded = (0..<shape.block.channels).allSatisfy {
      Float(model.layers[index].largestAccumulator(channel: $0)) * multipliers[$0] < Float(1 << 30)
    }
    let isPReLU = description.architecture.activation == .prelu
    scales = Self.scales(isPReLU ? nil : multipliers, shape, pool, padded: paddedChannels)
    let padding = [Float](repeating: 0, count: paddedChannels - shape.block.channels)
    let positive = multipliers.map { Requantisation.gridSteps * $0 }
    let negative = zip(positive, model.layers[index].slopes).map { $0 * $1 }
    grid = isPReLU ? positive + padding + negative + padding : []
    guard isPReLU, description.architecture.hasPathResidual, readsPlanes else {
      residual = []
      return
    }
    let multiplier = Requantisation.gridSteps * input.scale / output.scale
    residual = (0..<256).map { stored in
      let q = Int32(Int8(bitPattern: UInt8(stored) ^ kernels.flip))
      return Requantisation.roundedToInteger(Float(q - Int32(input.zeroPoint)) * multiplier)
    }
  }

  /// Groups of 4 that hold `count`.
  static func groups(_ count: Int) -> Int { (count + 3) / 4 }

  /// Groups of channels of the concatenated paths: each path starts a group of its own.
  static func concatenatedGroups(_ architecture: NetworkArchitecture) -> Int {
    architecture.paths.reduce(0) { $0 + groups($1.channels) }
  }

  /// For each of the 4 × groups bytes that an image cell has: the input channel that it holds, or nil.
  private static func slots(_ architecture: NetworkArchitecture, layer index: Int) -> [Int?] {
    let paths = architecture.paths
    let parts =
      index == paths.count ? paths.map(\.channels) : [architecture.body[max(0, index - paths.count - 1)].channels]
    var (result, first): ([Int?], Int) = ([], 0)
    for channels in parts {
      let size = 4 * groups(channels)
      result += (0..<size).map { $0 < channels ? first + $0 : nil }
      first += channels
    }
    return result
  }

  /// For each weight byte of an output channel: its place in [I, H, W], or nil for 0. Kernel columns, then groups of 4
  /// channels, then kernel rows: all uses of a cache line of the input follow one another.
  private static func imageOrder(_ kernel: NetworkArchitecture.Extent, channels: [Int?]) -> [Int?] {
    var result: [Int?] = []
    for x in 0..<kernel.width {
      for group in stride(from: 0, to: channels.count, by: 4) {
        for y in 0..<kernel.height {
          result += channels[group..<group + 4].map { $0.map { ($0 * kernel.height + y) * kernel.width + x } }
        }
      }
    }
    return result
  }

  /// The same for a plane: runs of up to 4 taps along the kernel's rows, or down its columns.
  private static func planeOrder(_ kernel: NetworkArchitecture.Extent, isDown: Bool) -> [Int?] {
    let (outer, inner) = isDown ? (kernel.width, kernel.height) : (kernel.height, kernel.width)
    return (0..<outer).flatMap { o in
      (0..<4 * groups(inner)).map { i in i < inner ? (isDown ? i * kernel.width + o : o * kernel.width + i) : nil }
    }
  }

  private static func ordered(_ values: [Int8], _ order: [Int?], channels: Int) -> [Int8] {
    let count = values.count / channels
    // Plain loops, here and below: a fifth of what the daemon computes at its start was in closures over optionals.
    let sources = order.map { $0 ?? -1 }
    var result: [Int8] = []
    result.reserveCapacity(channels * order.count)
    values.withUnsafeBufferPointer { values in
      for channel in 0..<channels {
        let first = channel * count
        for source in sources { result.append(source < 0 ? 0 : values[first + source]) }
      }
    }
    return result
  }

  /// [edges][columns][padded]: the zero point is taken out of every sum at its start, but for taps that are never
  /// added: those outside to the left and right, and above and below where a kernel has 3 rows. (Otherwise rows outside
  /// hold the zero point, and are added; so do a plane's columns.)
  private static func biases(
    _ weights: QuantisedModel.Weights, storedZero: Int, _ shape: LayerShape, isPlane: Bool, padded: Int
  ) -> [Int32] {
    let columns = isPlane ? 1 : shape.input.width
    let kernel = shape.block.kernel
    // For all rows but the first and last; the first; the last; one that is both.
    let edges = !isPlane && kernel.height == 3 ? [0..<3, 1..<3, 0..<2, 1..<2] : [0..<kernel.height]
    let count = weights.values.count / shape.block.channels
    var result: [Int32] = []
    for rows in edges {
      var sums = [Int32](repeating: 0, count: columns * padded)
      for channel in 0..<shape.block.channels {
        let columnSums = weights.values.withUnsafeBufferPointer { values in
          (0..<kernel.width).map { tap in
            var sum = 0
            for row in rows {
              let first = channel * count + row * kernel.width + tap
              for i in stride(from: first, to: (channel + 1) * count, by: kernel.height * kernel.width) {
                sum &+= Int(values[i])
              }
            }
            return sum
          }
        }
        for x in 0..<columns {
          var sum = 0
          for tap in 0..<kernel.width {
            let column = x + tap - kernel.width / 2
            if isPlane || (column >= 0 && column < shape.input.width) { sum += columnSums[tap] }
          }
          // It fits: |bias| + 255 · Σ |w| does (QuantisedModel+Limits).
          sums[x * padded + channel] = Int32(Int(weights.biases[channel]) - storedZero * sum)
        }
      }
      result += sums
    }
    return result
  }

  /// [2][2][padded]: scale ÷ cells of a whole pool, one cut short at the right, at the bottom, at both. `multipliers`
  /// is nil for PReLU, whose sums are on its grid.
  private static func scales(
    _ multipliers: [Float]?, _ shape: LayerShape, _ pool: NetworkArchitecture.Extent, padded: Int
  ) -> [Float] {
    let rest = NetworkArchitecture.Extent(shape.input.height % pool.height, shape.input.width % pool.width)
    let sizes = [
      pool, .init(pool.height, rest.width), .init(rest.height, pool.width), .init(rest.height, rest.width),
    ]
    return sizes.flatMap { size in
      (0..<padded).map { channel in
        // A pool without cells does not occur.
        guard size.count > 0, channel < shape.block.channels else { return 0 }
        let count = Float(size.count)
        return multipliers.map { $0[channel] / count } ?? 1 / (Requantisation.gridSteps * count)
      }
    }
  }
}
