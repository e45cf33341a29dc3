import SerdNetwork
import SerdTestKit
import Testing

@Suite struct RowReuseTests {
  private func reuse(_ architecture: NetworkArchitecture, frames: Int) throws -> [RowReuse] {
    try TestModels.quantised(architecture, windowFrames: frames).description.rowReuse
  }

  private func counts(_ reuse: [RowReuse], slidBy frames: Int?) -> [Int] {
    reuse.map { $0.rows(slidBy: frames).leading + $0.rows(slidBy: frames).rest.count }
  }

  /// ARCHITECTURE.md, "Int8 arithmetic", counts rows of the convolutions: one per row, where a pool would need whole
  /// pools.
  @Test(
    "a hop changes as many rows of each convolution as the design says",
    arguments: [(184, [42, 24, 14, 10, 8, 5]), (122, [42, 24, 15, 11, 8, 4])])
  func convolutionRows(frames: Int, expected: [Int]) throws {
    let architecture = NetworkArchitecture.paper
    let reuse = try reuse(architecture, frames: frames)
    let inputs = [RowReuse(frames: frames), .concatenation(of: reuse[..<3])] + reuse[3..<7]
    let kernels = [architecture.paths[0].kernel] + architecture.body.map(\.kernel)
    #expect(counts(zip(inputs, kernels).map { $0.after(kernel: $1.height, pool: 1) }, slidBy: 32) == expected)
  }

  @Test("a hop takes these rows of each layer's output")
  func outputRows() throws {
    for architecture in NetworkArchitecture.variants {
      let long = try reuse(architecture, frames: 184)
      #expect(long.map(\.height) == [92, 92, 92, 46, 23, 12, 6, 6])
      #expect(long.map(\.stride) == [2, 2, 2, 4, 8, 16, 32, 32])
      #expect(counts(long, slidBy: 32) == [22, 16, 18, 12, 8, 6, 5, 5])
      #expect(counts(long, slidBy: 64) == [38, 32, 34, 20, 12, 8, 6, 6])
      #expect(counts(long, slidBy: nil) == long.map(\.height))
      let short = try reuse(architecture, frames: 122)
      #expect(counts(short, slidBy: 32) == [22, 16, 18, 13, 9, 6, 4, 4])
      #expect(counts(short, slidBy: 96) == [54, 48, 50, 29, 16, 8, 4, 4])
    }
  }

  /// Kernels of 3 rows leave out their taps above and below the image.
  @Test("a hop takes so many thousandths of a window's multiply-adds", arguments: [(184, 326), (122, 493)])
  func share(frames: Int, expected: Double) throws {
    let description = try TestModels.quantised(.paper, windowFrames: frames).description
    var (hop, window) = (0, 0)
    for (reuse, shape) in zip(description.rowReuse, description.layerShapes) {
      let (rows, pool) = (reuse.rows(slidBy: 32), shape.block.pool?.height ?? 1)
      let computed = rows.leading * pool + shape.input.height - rows.rest.lowerBound * pool
      let (height, kernel) = (shape.input.height, shape.block.kernel.height)
      let outside = shape.inputChannels > 1 && kernel == 3 ? 2 : 0
      hop += (computed * kernel - outside) * shape.multiplyAdds / (height * kernel)
      window += (height * kernel - outside) * shape.multiplyAdds / (height * kernel)
    }
    #expect((1000 * Double(hop) / Double(window)).rounded() == expected)
  }

  /// Which rows depend on the padding, found by following every row's inputs.
  @Test("leading and trailing rows are those that the padding reaches", arguments: 40...75)
  func dependence(frames: Int) throws {
    for architecture in [TestModels.narrow(.relu), KernelTests.unusual(.relu)] {
      let reuse = try reuse(architecture, frames: frames)
      let input = (leading: [Bool](repeating: false, count: frames), trailing: [Bool](repeating: false, count: frames))
      var parts: [(leading: [Bool], trailing: [Bool])] = []
      for (index, block) in (architecture.paths + architecture.body).enumerated() {
        let isPath = index < architecture.paths.count
        let source = isPath ? input : index == architecture.paths.count ? united(parts) : parts[parts.count - 1]
        parts.append(
          (
            reached(source.leading, block, byStart: true), reached(source.trailing, block, byStart: false)
          ))
        let layer = reuse[index]
        let rows = parts[index].leading.indices
        #expect(layer.height == rows.count)
        #expect(parts[index].leading == rows.map { $0 < layer.leading }, "layer \(index)")
        #expect(parts[index].trailing == rows.map { $0 >= layer.height - layer.trailing }, "layer \(index)")
      }
    }
  }

  private func united(_ parts: [(leading: [Bool], trailing: [Bool])]) -> (leading: [Bool], trailing: [Bool]) {
    let rows = parts[0].leading.indices
    return (
      rows.map { row in parts.contains { $0.leading[row] } }, rows.map { row in parts.contains { $0.trailing[row] } }
    )
  }

  /// For each row of a block's output: whether a row of its input that is reached, or the padding at this end, is among
  /// what it reads.
  private func reached(_ input: [Bool], _ block: NetworkArchitecture.Block, byStart: Bool) -> [Bool] {
    let (half, pool) = (block.kernel.height / 2, block.pool?.height ?? 1)
    return (0..<(input.count + pool - 1) / pool).map { row in
      let reads = pool * row - half...pool * (row + 1) - 1 + half
      // A pool that the end cuts short depends on the end, even without a kernel.
      let isCut = !byStart && pool * (row + 1) > input.count
      return isCut || reads.contains { input.indices.contains($0) ? input[$0] : ($0 < 0) == byStart }
    }
  }
}
