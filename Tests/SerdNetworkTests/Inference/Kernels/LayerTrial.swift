import CInt8Kernels
import SerdTestKit

import SerdNetwork

/// One layer of a model on one input: what the specification says, and what an instruction set's kernels make of it,
/// with all activations between guard pages.
struct LayerTrial {
  enum Input: CaseIterable { case random, lowest, highest, zeroPoint }

  let model: QuantisedModel
  let index: Int
  let shape: LayerShape
  /// [row][column][channel].
  let input: [Int8]
  /// [row][column][channel], of the pooled image.
  let expected: [Int8]
  let outputSize: NetworkArchitecture.Extent

  init(model: QuantisedModel, layer index: Int, input kind: Input, generator: inout TestGenerator) {
    self.model = model
    self.index = index
    shape = model.description.layerShapes[index]
    let zeroPoint = Int8(model.inputActivation(ofLayer: index).zeroPoint)
    var values = [Int8](repeating: zeroPoint, count: shape.input.count * shape.inputChannels)
    for i in values.indices {
      switch kind {
      case .random: values[i] = Int8.random(in: -128...127, using: &generator)
      case .lowest: values[i] = -128
      case .highest: values[i] = 127
      case .zeroPoint: break
      }
    }
    input = values
    let reference = FusedConvolution(model: model, layer: index)
    outputSize = reference.outputSize
    var output = [Int8](repeating: 0, count: outputSize.count * shape.block.channels)
    reference.apply(values, into: &output, channelStride: shape.block.channels, channelOffset: 0)
    expected = output
  }

  /// Rows that the layer computes: of the output image, or of sums before a global pool.
  var rows: Int { index == model.layers.count - 1 ? shape.input.height : outputSize.height }

  /// The output of the kernels of `set`, computed in these ranges of rows; `expected` if they are right.
  func output(of set: InstructionSet, rows ranges: [Range<Int>], touching end: GuardedMemory.End) -> [Int8] {
    let layer = PackedLayer(model: model, layer: index, instructionSet: set)
    let flip = set.kernels.flip
    if layer.isGlobal {
      let sums = GuardedMemory(byteCount: rows * layer.paddedChannels * 4, alignment: 4, touching: end)
      let vector = GuardedMemory(byteCount: layer.paddedChannels, touching: end)
      let pointer = sums.start.assumingMemoryBound(to: Int32.self)
      withImage(flip: flip, touching: end) { image in
        for range in ranges { layer.rowSums(image, into: pointer, rows: range) }
      }
      layer.pool(pointer, into: vector.start.assumingMemoryBound(to: UInt8.self))
      return (0..<shape.block.channels).map {
        Int8(bitPattern: vector.start.load(fromByteOffset: $0, as: UInt8.self) ^ flip)
      }
    }
    // One group of channels to either side, which must stay as it is.
    let groups = (shape.block.channels + 3) / 4
    let imageShape = ImageShape(height: outputSize.height, width: outputSize.width, groups: groups + 2, halo: 1)
    let memory = GuardedMemory(byteCount: imageShape.byteCount, touching: end)
    let image = imageShape.makeImage(at: memory.start, storedZero: 0x55)
    if layer.readsPlanes {
      withPlanes(flip: flip, touching: end) { planes in
        for range in ranges { layer.run(planes, into: image, group: 1, rows: range) }
      }
    } else {
      withImage(flip: flip, touching: end) { input in
        for range in ranges { layer.run(input, into: image, group: 1, rows: range) }
      }
    }
    precondition(Self.isUntouchedAround(image, imageShape), "\(set.name) wrote beside its rows and channels")
    return cells { row, column, channel in
      let offset = imageShape.offset(row: row, column: column, channel: channel + 4)
      return Int8(bitPattern: image.origin[offset] ^ flip)
    }
  }

  private func cells(_ value: (Int, Int, Int) -> Int8) -> [Int8] {
    (0..<outputSize.height).flatMap { row in
      (0..<outputSize.width).flatMap { column in
        (0..<shape.block.channels).map { value(row, column, $0) }
      }
    }
  }

  private static func isUntouchedAround(_ image: serd_int8_image, _ shape: ImageShape) -> Bool {
    for column in 0..<shape.width {
      for row in -1...shape.height {
        for group in 0..<shape.groups {
          let isInside = (0..<shape.height).contains(row) && (1..<shape.groups - 1).contains(group)
          let first = shape.offset(row: row, column: column, channel: 4 * group)
          if !isInside, (0..<4).contains(where: { image.origin[first + $0] != 0x55 }) { return false }
        }
      }
    }
    return true
  }

  /// Where an input channel is in an image: each path starts a group of its own.
  private func slot(_ channel: Int) -> Int {
    let paths = model.description.architecture.paths
    guard index == paths.count else { return channel }
    var (first, slot) = (0, 0)
    for path in paths {
      if channel < first + path.channels { break }
      first += path.channels
      slot += (path.channels + 3) / 4 * 4
    }
    return slot + channel - first
  }

  private func withImage(flip: UInt8, touching end: GuardedMemory.End, _ body: (serd_int8_image) -> Void) {
    let zero = UInt8(bitPattern: Int8(model.inputActivation(ofLayer: index).zeroPoint)) ^ flip
    let imageShape = ImageShape(
      height: shape.input.height, width: shape.input.width, groups: slot(shape.inputChannels - 1) / 4 + 1,
      halo: shape.block.kernel.height / 2)
    let memory = GuardedMemory(byteCount: imageShape.byteCount, touching: end)
    let image = imageShape.makeImage(at: memory.start, storedZero: zero)
    for i in input.indices {
      let (cell, channel) = (i / shape.inputChannels, i % shape.inputChannels)
      let offset = imageShape.offset(
        row: cell / shape.input.width, column: cell % shape.input.width, channel: slot(channel))
      image.origin[offset] = UInt8(bitPattern: input[i]) ^ flip
    }
    body(image)
  }

  private func withPlanes(flip: UInt8, touching end: GuardedMemory.End, _ body: (InputPlanes) -> Void) {
    let zero = UInt8(bitPattern: Int8(model.inputActivation(ofLayer: index).zeroPoint)) ^ flip
    let plane = PlaneShape(shape.input, paths: [shape.block])
    let across = GuardedMemory(byteCount: plane.byteCount, touching: end)
    let down = GuardedMemory(byteCount: plane.byteCount, touching: end)
    let planes = plane.makePlanes(across: across.start, down: down.start, storedZero: zero)
    for row in 0..<shape.input.height {
      for column in 0..<shape.input.width {
        planes.across[row * planes.acrossStride + column] =
          UInt8(bitPattern: input[row * shape.input.width + column]) ^ flip
      }
    }
    planes.transpose(rows: 0..<shape.input.height)
    body(planes)
  }
}
