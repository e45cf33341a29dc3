import SerdFeatures
import SerdNetwork
import SerdTestKit
import Testing

/// Incremental inference against one-shot inference of the same window and gain step, to the bit.
@Suite struct IncrementalNetworkTests {
  private func answer(_ classifier: some WindowClassifier, _ window: FeatureWindow) -> [UInt32] {
    var probabilities = [Float](repeating: .nan, count: classifier.description.labels.count)
    classifier.classify(window, into: &probabilities)
    return probabilities.map(\.bitPattern)
  }

  /// Walks with `set`, compares every window with one-shot inference and every tenth with the reference, and counts
  /// rows.
  private func walk(
    _ model: QuantisedModel, _ set: InstructionSet, steps: Int, seed: UInt64, isVaried: Bool = true,
    arena: ((Int) -> UnsafeMutableRawPointer)? = nil
  ) {
    let incremental = IncrementalNetwork(model: model, instructionSet: set, arena: arena)
    let oneShot = Int8Network(model: model, instructionSet: set)
    let reference = Int8ReferenceNetwork(model: model)
    let reuse = model.description.rowReuse
    var walk = WindowWalk(model: model, seed: seed, length: model.description.windowFrames * 12)
    var (kept, answers) = (0, Set<[UInt32]>())
    for step in 0..<steps {
      walk.step { window, slid in
        let result = answer(incremental, window)
        answers.insert(result)
        kept += slid == nil ? 0 : 1
        #expect(result == answer(oneShot, window), "\(set.name), step \(step), slid \(String(describing: slid))")
        if step % 10 == 0 { #expect(result == answer(reference, window), "\(set.name), step \(step), reference") }
        guard step > 0 else { return }
        #expect(incremental.computedRows == computedRows(reuse, slidBy: slid), "\(set.name), step \(step)")
      }
    }
    #expect(kept > steps / 3 && kept < steps, "\(kept) of \(steps) windows kept rows")
    // Weights at the ends of their range may saturate everything.
    #expect(!isVaried || answers.count > steps / 3, "different windows give different answers")
  }

  private func computedRows(_ reuse: [RowReuse], slidBy frames: Int?) -> [Int] {
    reuse.enumerated().map { index, layer in
      let rows = layer.rows(slidBy: frames)
      let isNearlyAll = index == reuse.count - 1 && rows.rest.lowerBound - rows.leading <= 1
      return isNearlyAll ? layer.height : rows.leading + rows.rest.count
    }
  }

  static let small: [NetworkArchitecture] = [
    TestModels.narrow(.relu), TestModels.narrow(.prelu), KernelTests.oddChannels, KernelTests.unusual(.prelu),
  ]

  @Test("any walk of windows gives the one-shot answers, on every instruction set", arguments: small, [122, 184])
  func anyWalk(architecture: NetworkArchitecture, frames: Int) throws {
    for content in [TestModels.Content.random, .extreme] where content == .random || frames == 122 {
      let model = try TestModels.quantised(architecture, windowFrames: frames, content: content, seed: 11)
      for set in InstructionSet.available {
        let steps = set == .best ? 200 : 30
        walk(model, set, steps: steps, seed: UInt64(frames), isVaried: content == .random)
      }
    }
  }

  @Test("so do the shipped variants", arguments: NetworkArchitecture.variants, [122, 184])
  func variants(architecture: NetworkArchitecture, frames: Int) throws {
    let model = try TestModels.quantised(architecture, windowFrames: frames, seed: 12)
    walk(model, .best, steps: 60, seed: UInt64(frames) + 1)
  }

  /// Among them windows shorter than a stride.
  @Test("windows of any length", arguments: [20, 31, 33, 64, 65, 95])
  func anyLength(frames: Int) throws {
    let model = try TestModels.quantised(TestModels.narrow(.prelu), windowFrames: frames, seed: 13)
    let (incremental, oneShot) = (IncrementalNetwork(model: model), Int8Network(model: model))
    var walk = WindowWalk(model: model, seed: 14, length: 40 * frames + 400)
    for step in 0..<200 {
      walk.step { window, _ in #expect(answer(incremental, window) == answer(oneShot, window), "step \(step)") }
    }
  }

  /// Long enough that what is kept moves back to the start of its memory many times.
  @Test("the arena's ends are not passed", arguments: GuardedMemory.End.allCases)
  func guardedArena(end: GuardedMemory.End) throws {
    for architecture in [TestModels.narrow(.prelu), KernelTests.unusual(.relu)] {
      let model = try TestModels.quantised(architecture, windowFrames: 122, seed: 15)
      for set in InstructionSet.available {
        var memory: GuardedMemory?
        walk(model, set, steps: 100, seed: 16) { byteCount in
          memory = GuardedMemory(byteCount: byteCount, alignment: 64, touching: end)
          return memory!.start
        }
        #expect(memory != nil)
      }
    }
  }

  @Test("a long run of hops takes the rows of a hop, every time")
  func longRun() throws {
    let model = try TestModels.quantised(TestModels.narrow(.relu), windowFrames: 184, seed: 17)
    let (incremental, oneShot) = (IncrementalNetwork(model: model), Int8Network(model: model))
    var generator = TestGenerator(seed: 18)
    let hops = 100
    let frames = (0..<(184 + 32 * hops) * 40).map { _ in Float.random(in: -12...12, using: &generator) }
    frames.withUnsafeBufferPointer { frames in
      for hop in 0..<hops {
        let window = FeatureWindow(
          firstFrame: 1000 + hop * 32, frameCount: 184, coefficientCount: 40,
          coefficients: frames.baseAddress! + hop * 32 * 40, level: -20, gainStep: 3)
        #expect(answer(incremental, window) == answer(oneShot, window), "hop \(hop)")
        // Of the last layer's 6 rows 5 differ; the sixth costs nothing.
        let expected = hop == 0 ? [92, 92, 92, 46, 23, 12, 6, 6] : [22, 16, 18, 12, 8, 6, 5, 6]
        #expect(incremental.computedRows == expected, "hop \(hop)")
      }
    }
  }

  @Test("the factory makes it, and the arena is little larger than a one-shot network's")
  func factory() throws {
    let model = try TestModels.quantised(.paper, windowFrames: 184)
    let classifier = try #require(model.makeClassifier() as? IncrementalNetwork)
    #expect(classifier.arenaByteCount < 2 * Int8Network(model: model).arenaByteCount)
  }
}
