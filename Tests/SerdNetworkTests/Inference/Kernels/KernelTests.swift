import SerdTestKit
import Testing

import SerdNetwork

extension NetworkArchitecture: CustomTestStringConvertible {
  /// Its name: all of it would fill the log.
  package var testDescription: String { name }
}

/// The kernels of every instruction set that this processor has, against `FusedConvolution`, layer by layer, to the
/// bit.
@Suite struct KernelTests {
  typealias Architecture = NetworkArchitecture

  /// Channels that are no multiple of a vector, nor of 4.
  static let oddChannels = Architecture(
    name: "odd", activation: .prelu, hasPathResidual: true, pathChannels: 5, bodyChannels: [6, 13, 17, 33, 50])

  /// Kernels and pools that no shipped network has: wider than the image, taller than a register tile, cut short at
  /// every edge.
  static func unusual(_ activation: Architecture.Activation) -> Architecture {
    var architecture = TestModels.narrow(activation)
    let kernels = [(5, 7), (1, 1), (31, 3), (5, 5), (1, 3), (7, 11), (3, 1), (3, 3)].map { Architecture.Extent($0, $1) }
    let pools = [(3, 2), (3, 2), (3, 2), (1, 4), (2, 3), (7, 1), (1, 1), (1, 1)].map { Architecture.Extent($0, $1) }
    architecture.name = "unusual-\(activation.rawValue)"
    for i in 0..<3 { (architecture.paths[i].kernel, architecture.paths[i].pool) = (kernels[i], pools[i]) }
    for i in 0..<5 {
      (architecture.body[i].kernel, architecture.body[i].pool) = (kernels[3 + i], i == 4 ? nil : pools[3 + i])
    }
    return architecture
  }

  static let architectures =
    [TestModels.narrow(.relu), TestModels.narrow(.prelu), oddChannels, unusual(.relu), unusual(.prelu)]

  private func trials(
    _ architecture: Architecture, frames: Int, seed: UInt64, _ body: (LayerTrial, inout TestGenerator) -> Void
  ) throws {
    for content in [TestModels.Content.random, .extreme] {
      let model = try TestModels.quantised(architecture, windowFrames: frames, content: content, seed: seed)
      var generator = TestGenerator(seed: seed)
      for index in model.layers.indices {
        for kind in LayerTrial.Input.allCases {
          body(LayerTrial(model: model, layer: index, input: kind, generator: &generator), &generator)
        }
      }
    }
  }

  /// 21 and 29 frames meet odd edges along both axes, down to images of one and two rows.
  @Test("every layer equals the specification", arguments: architectures, [21, 29])
  func everyLayer(architecture: Architecture, frames: Int) throws {
    try trials(architecture, frames: frames, seed: UInt64(frames)) { trial, _ in
      for set in InstructionSet.available {
        for end in GuardedMemory.End.allCases {
          let output = trial.output(of: set, rows: [0..<trial.rows], touching: end)
          #expect(output == trial.expected, "\(set.name), \(architecture.name), \(trial.shape.name)")
        }
      }
    }
  }

  /// What incremental inference asks for.
  @Test("ranges of rows, in any order, equal the whole", arguments: architectures)
  func ranges(architecture: Architecture) throws {
    try trials(architecture, frames: 47, seed: 7) { trial, generator in
      for set in InstructionSet.available {
        var ranges: [Range<Int>] = []
        var start = 0
        while start < trial.rows {
          let end = Int.random(in: start + 1...trial.rows, using: &generator)
          ranges.append(start..<end)
          start = end
        }
        ranges.shuffle(using: &generator)
        let output = trial.output(of: set, rows: ranges, touching: .last)
        #expect(output == trial.expected, "\(set.name), \(architecture.name), \(trial.shape.name), rows \(ranges)")
      }
    }
  }

  /// Full width, at a height where every size of register tile occurs.
  @Test("the shipped variants' layers equal the specification", arguments: Architecture.variants)
  func variants(architecture: Architecture) throws {
    let model = try TestModels.quantised(architecture, windowFrames: 59, content: .extreme, seed: 3)
    var generator = TestGenerator(seed: 3)
    for index in model.layers.indices {
      let trial = LayerTrial(model: model, layer: index, input: .random, generator: &generator)
      for set in InstructionSet.available {
        let output = trial.output(of: set, rows: [0..<trial.rows], touching: .last)
        #expect(output == trial.expected, "\(set.name), \(architecture.name), \(trial.shape.name)")
      }
    }
  }

  @Test("no rows are no work")
  func emptyRange() throws {
    try trials(TestModels.narrow(.relu), frames: 21, seed: 1) { trial, _ in
      for set in InstructionSet.available {
        let output = trial.output(of: set, rows: [0..<0, 0..<trial.rows, trial.rows..<trial.rows], touching: .last)
        #expect(output == trial.expected)
      }
    }
  }

  @Test("the scalar kernels are everywhere, names are unique, and the best is available")
  func instructionSets() {
    #expect(InstructionSet.available.first == .scalar)
    #expect(InstructionSet.available.contains(.best))
    #expect(InstructionSet.allCases.allSatisfy { InstructionSet(named: $0.name) == $0 })
    #expect(InstructionSet(named: "sse9") == nil)
    #if arch(arm64)
      #expect(InstructionSet.neon.isAvailable && !InstructionSet.avx2.isAvailable)
    #else
      #expect(!InstructionSet.neon.isAvailable && !InstructionSet.neonDot.isAvailable)
    #endif
  }
}
