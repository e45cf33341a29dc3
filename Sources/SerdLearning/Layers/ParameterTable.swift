import SerdNetwork

/// Where each named tensor of a network lies in the flat parameter and running-statistics vectors.
///
/// Names are PyTorch's (`path1.conv.weight`, `body2.bn.running_mean`, `head.bias`). One flat vector makes optimisers,
/// averages and checkpoints plain vector operations. Convolution weights are stored HWIO, kernel row first, as the
/// matrix products want them; `export` and `load` of the network convert to and from PyTorch's OIHW.
package struct ParameterTable: Equatable, Sendable {
  /// One tensor.
  package struct Entry: Equatable, Sendable {
    /// PyTorch's name.
    package let name: String
    /// PyTorch's shape: OIHW for convolutions, [out, in] for the dense layer, [channels] for the rest.
    package let shape: [Int]
    /// First element in `parameters`, or in `runningStatistics` if `isRunning`.
    package let offset: Int
    /// Whether it is a running mean or variance, which no gradient changes.
    package let isRunning: Bool

    /// Number of elements.
    package var count: Int { shape.reduce(1, *) }
    /// The elements' place in the flat vector.
    package var range: Range<Int> { offset..<offset + count }
  }

  /// Offsets of one block's tensors.
  struct Block: Equatable, Sendable {
    var weight = 0
    var bias: Int?
    var gain = 0
    var offset = 0
    var slope: Int?
    var runningMean = 0
    var runningVariance = 0
  }

  /// All tensors, in the order of the layers.
  package private(set) var entries: [Entry] = []
  /// Trainable values.
  package private(set) var parameterCount = 0
  /// Running means and variances.
  package private(set) var runningCount = 0
  private(set) var blocks: [Block] = []
  private(set) var headWeight = 0
  private(set) var headBias = 0

  /// The table of `architecture` with `classes` outputs. The input's size does not matter.
  package init(architecture: NetworkArchitecture, classes: Int) {
    for layer in architecture.layers {
      let (name, channels) = (layer.name, [layer.block.channels])
      var block = Block()
      let kernel = layer.block.kernel
      block.weight = add(
        "\(name).conv.weight", [layer.block.channels, layer.inputChannels, kernel.height, kernel.width])
      if layer.block.hasBias { block.bias = add("\(name).conv.bias", channels) }
      block.gain = add("\(name).bn.weight", channels)
      block.offset = add("\(name).bn.bias", channels)
      if architecture.activation == .prelu { block.slope = add("\(name).act.weight", channels) }
      block.runningMean = add("\(name).bn.running_mean", channels, isRunning: true)
      block.runningVariance = add("\(name).bn.running_var", channels, isRunning: true)
      blocks.append(block)
    }
    headWeight = add("head.weight", [classes, architecture.pooledChannels])
    headBias = add("head.bias", [classes])
  }

  private mutating func add(_ name: String, _ shape: [Int], isRunning: Bool = false) -> Int {
    let offset = isRunning ? runningCount : parameterCount
    let entry = Entry(name: name, shape: shape, offset: offset, isRunning: isRunning)
    entries.append(entry)
    if isRunning { runningCount += entry.count } else { parameterCount += entry.count }
    return offset
  }
}

extension ParameterTable.Entry {
  /// The tensor in PyTorch's layout, out of the flat vector. Cost: one copy.
  package func exported(from flat: [Float]) -> [Float] {
    guard shape.count == 4 else { return Array(flat[range]) }
    var values = [Float](repeating: 0, count: count)
    forEachConvolutionWeight { stored, exported in values[exported] = flat[offset + stored] }
    return values
  }

  /// Writes a tensor given in PyTorch's layout into the flat vector.
  func store(_ values: [Float], into flat: inout [Float]) {
    precondition(values.count == count, "tensor \(name) has \(count) values, not \(values.count)")
    if shape.count == 4 {
      forEachConvolutionWeight { stored, exported in flat[offset + stored] = values[exported] }
    } else {
      flat.replaceSubrange(range, with: values)
    }
  }

  /// Pairs the index in our HWIO with the index in PyTorch's OIHW.
  private func forEachConvolutionWeight(_ body: (_ stored: Int, _ exported: Int) -> Void) {
    let (outputs, inputs, height, width) = (shape[0], shape[1], shape[2], shape[3])
    for o in 0..<outputs {
      for i in 0..<inputs {
        for y in 0..<height {
          for x in 0..<width {
            body(((y * width + x) * inputs + i) * outputs + o, ((o * inputs + i) * height + y) * width + x)
          }
        }
      }
    }
  }
}
