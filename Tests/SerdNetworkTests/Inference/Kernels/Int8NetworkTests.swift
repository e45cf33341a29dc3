import SerdFeatures
import SerdTestKit
import Testing

import SerdNetwork

/// The whole network on every instruction set against `Int8ReferenceNetwork`, to the bit.
@Suite struct Int8NetworkTests {
  private func answers(of network: some WindowClassifier, _ windows: [[Float]]) -> [[Float]] {
    windows.enumerated().map { index, values in
      var probabilities = [Float](repeating: .nan, count: network.description.labels.count)
      values.withUnsafeBufferPointer {
        network.classify(
          FeatureWindow(
            firstFrame: 0, frameCount: values.count / 40, coefficientCount: 40, coefficients: $0.baseAddress!,
            level: -20,
            gainStep: index - 1), into: &probabilities)
      }
      return probabilities
    }
  }

  static let architectures =
    NetworkArchitecture.variants + [KernelTests.oddChannels, KernelTests.unusual(.relu), KernelTests.unusual(.prelu)]

  @Test("all instruction sets give the reference's answer", arguments: architectures)
  func equalsReference(architecture: NetworkArchitecture) throws {
    let frames = 53
    var generator = TestGenerator(seed: 9)
    let windows = (0..<3).map { _ in (0..<frames * 40).map { _ in Float.random(in: -12...12, using: &generator) } }
    for content in [TestModels.Content.random, .extreme] {
      let model = try TestModels.quantised(architecture, windowFrames: frames, content: content, seed: 4)
      let expected = answers(of: Int8ReferenceNetwork(model: model), windows)
      for set in InstructionSet.available {
        // One network for all windows: what it keeps of one must not reach the next.
        let network = Int8Network(model: model, instructionSet: set)
        #expect(answers(of: network, windows) == expected, "\(set.name)")
        #expect(answers(of: network, windows) == expected, "\(set.name), again")
      }
    }
  }

  @Test("logits of a scaled input equal the reference's", arguments: [NetworkArchitecture.Activation.relu, .prelu])
  func logits(activation: NetworkArchitecture.Activation) throws {
    let model = try TestModels.quantised(TestModels.narrow(activation))
    var generator = TestGenerator(seed: 2)
    let clip = model.description.frontEnd.clip
    // Halves of a step too, and the ends of the range.
    let step = model.activations.input.scale
    let input = (0..<37 * 40).map { i in
      i % 3 == 0 ? (Float(i % 255) - 127.5) * step : Float.random(in: -clip...clip, using: &generator)
    }
    let expected = Int8ReferenceNetwork(model: model).logits(scaledInput: input)
    #expect(Set(expected).count == expected.count)
    for set in InstructionSet.available {
      #expect(Int8Network(model: model, instructionSet: set).logits(scaledInput: input) == expected, "\(set.name)")
    }
  }

  @Test("the arena is planned: aligned, disjoint, and as large as it says")
  func arena() throws {
    let model = try TestModels.quantised(.paper, windowFrames: 184)
    let network = Int8Network(model: model)
    let layers = model.layers.indices.map { PackedLayer(model: model, layer: $0, instructionSet: .best) }
    let plan = Int8Plan(model.description, layers: layers)
    #expect(network.arenaByteCount == plan.byteCount)
    let starts = [plan.across, plan.down] + plan.imageOffsets + [plan.sums, plan.vector, plan.scaled, plan.logits]
    let sizes =
      [plan.planes.byteCount, plan.planes.byteCount] + plan.images.map(\.byteCount)
      + [6 * 320 * 4, 320, 40 * 4, 7 * 4]
    for (index, start) in starts.enumerated() {
      #expect(start % AlignedMemory.alignment == 0)
      let next = index + 1 < starts.count ? starts[index + 1] : plan.byteCount
      #expect(start + sizes[index] <= next)
    }
    // The images alone, without their halos, are 237 KB.
    #expect((237_000..<290_000).contains(plan.byteCount))
    #expect((463_000..<1_100_000).contains(network.weightByteCount))
  }

  @Test("memory is aligned and zero")
  func alignedMemory() {
    for byteCount in [0, 1, 63, 64, 1000] {
      let memory = AlignedMemory(byteCount: byteCount)
      #expect(Int(bitPattern: memory.start) % 64 == 0)
      #expect((0..<byteCount).allSatisfy { memory.values(UInt8.self)[$0] == 0 })
    }
    let copy = AlignedMemory([1, 2, 3] as [Int32])
    // The object must outlive the pointer: Swift 6.0.3 for Arm releases it as soon as it may.
    withExtendedLifetime(copy) { #expect(copy.values(Int32.self)[2] == 3) }
  }
}
