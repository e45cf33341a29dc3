import Foundation
import SerdLearning
import SerdTestKit
import Testing

@Suite struct OptimisationTests {
  @Test("Decoupled decay is AdamW's, and the L2 form sees the decay as part of the gradient")
  func decoupledDecayIsAdamW() {
    // One step from rest moves by lr · sign(gradient); the decay is applied to the parameter first.
    var adam = Adam(count: 2, weightDecay: .decoupled(0.1))
    var parameters: [Float] = [2, -4]
    adam.step(&parameters, gradients: [0.5, -3], learningRate: 0.01)
    #expect(relativeError(parameters, [2 * 0.999 - 0.01, -4 * 0.999 + 0.01] as [Double]) < 1e-6)
    // The L2 form sees the decay as part of the gradient: without a gradient it still steps by lr.
    var l2 = Adam(count: 1, weightDecay: .l2(0.1))
    var parameter: [Float] = [2]
    l2.step(&parameter, gradients: [0], learningRate: 0.01)
    #expect(abs(parameter[0] - 1.99) < 1e-6)
  }

  @Test("Adam follows its definition over many steps")
  func adamFollowsTheDefinitionOverManySteps() {
    var adam = Adam(count: 1)
    var parameter: [Float] = [1]
    var (p, m, v) = (1.0, 0.0, 0.0)
    var generator = SeededGenerator(seed: 8)
    for step in 1...50 {
      let gradient = generator.gaussian()
      adam.step(&parameter, gradients: [gradient], learningRate: 0.02)
      m = 0.9 * m + 0.1 * Double(gradient)
      v = 0.999 * v + 0.001 * Double(gradient) * Double(gradient)
      p -= 0.02 * (m / (1 - pow(0.9, Double(step)))) / ((v / (1 - pow(0.999, Double(step)))).squareRoot() + 1e-8)
      // beta2 = 0.999 is rounded to float: its complement is off by 1e-5 of itself.
      #expect(abs(Double(parameter[0]) - p) < 2e-5)
    }
  }

  @Test("An optimiser that was stored goes on as the one that was not")
  func aStoredOptimiserContinues() throws {
    var adam = Adam(count: 3, weightDecay: .l2(1e-3))
    var parameters: [Float] = [1, 2, 3]
    for _ in 0..<5 { adam.step(&parameters, gradients: [0.1, -0.7, 1.3], learningRate: 0.1) }
    var restored = try JSONDecoder().decode(Adam.self, from: JSONEncoder().encode(adam))
    #expect(restored == adam && restored.steps == 5)
    var copy = parameters
    adam.step(&parameters, gradients: [1, 1, 1], learningRate: 0.1)
    restored.step(&copy, gradients: [1, 1, 1], learningRate: 0.1)
    #expect(copy == parameters)
  }

  @Test("Clipping shortens long gradients, keeps their direction and leaves infinite ones alone")
  func clippingKeepsTheDirection() {
    var gradients: [Float] = [3, -4]
    #expect(GradientClipping.clip(&gradients, toNorm: 10) == 5)
    #expect(gradients == [3, -4])
    #expect(GradientClipping.clip(&gradients, toNorm: 1) == 5)
    #expect(relativeError(gradients, [0.6, -0.8] as [Double]) < 1e-6)
    var broken: [Float] = [.infinity, 1]
    #expect(!GradientClipping.clip(&broken, toNorm: 1).isFinite)
    #expect(broken == [.infinity, 1])
  }

  @Test("The moving average follows parameters and running statistics, faster at first, and can be stored")
  func movingAverageMovesBothVectors() throws {
    let network = DeterminismTests.network()
    var average = ExponentialMovingAverage(of: network, decay: 0.5)
    let (parameters, running) = (network.parameters, network.runningStatistics)
    network.parameters = parameters.map { $0 + 1 }
    network.runningStatistics = running.map { $0 + 2 }
    average.update(from: network)
    // The first update has decay 1 / 10.
    #expect(zip(average.parameters, parameters).allSatisfy { abs($0 - $1 - 0.9) < 1e-5 })
    #expect(zip(average.runningStatistics, running).allSatisfy { abs($0 - $1 - 1.8) < 1e-5 })
    for _ in 0..<20 { average.update(from: network) }
    // Far in, the decay is 0.5: the distance halves.
    let before = average.parameters
    network.parameters = before.map { $0 - 8 }
    average.update(from: network)
    #expect(zip(average.parameters, before).allSatisfy { abs($0 - $1 + 4) < 1e-5 })
    let restored = try JSONDecoder().decode(ExponentialMovingAverage.self, from: JSONEncoder().encode(average))
    #expect(restored == average)
    average.apply(to: network)
    #expect(network.parameters == average.parameters && network.runningStatistics == average.runningStatistics)
  }

  @Test("Every schedule of the learning rate has its shape")
  func schedulesHaveTheirShapes() {
    func rates(_ schedule: LearningRateSchedule, total: Int = 101) -> [Float] {
      (0..<total).map { schedule.rate(step: $0, total: total, stepsPerEpoch: 10) }
    }
    #expect(rates(.constant(0.5)).allSatisfy { $0 == 0.5 })
    let cosine = rates(.cosine(initial: 1, final: 0.1))
    #expect(cosine[0] == 1 && abs(cosine[50] - 0.55) < 1e-6 && abs(cosine[100] - 0.1) < 1e-6)
    #expect(zip(cosine, cosine.dropFirst()).allSatisfy { $0 > $1 })
    let exponential = rates(.exponential(initial: 1, factor: 0.5))
    #expect(exponential[0] == 1 && exponential[10] == 0.5 && exponential[20] == 0.25)
    for shape in [LearningRateSchedule.WarmUp.linear, .cosine] {
      let cycle = rates(.oneCycle(peak: 1, warmUp: 0.2, shape: shape))
      #expect(abs(cycle[0] - 0.04) < 1e-6 && cycle.firstIndex(of: cycle.max()!) == 20 && cycle[20] == 1)
      #expect(abs(cycle[10] - 0.52) < 1e-6 && abs(cycle[60] - 0.5) < 1e-5 && abs(cycle[100] - 4e-6) < 1e-8)
    }
    #expect(LearningRateSchedule.oneCycle(peak: 1, warmUp: 0).rate(step: 0, total: 1, stepsPerEpoch: 1) == 1)
  }

  @Test("The generator gives xoshiro256++'s numbers, and uniform and normal ones from them")
  func generatorIsXoshiroAndUniform() throws {
    // First outputs for seed 0 by the authors' C code (xoshiro256plusplus.c filled by splitmix64.c).
    var zero = SeededGenerator(seed: 0)
    #expect((0..<2).map { _ in zero.next() } == [0x5317_5D61_490B_23DF, 0x61DA_6F3D_C380_D507])
    var generator = SeededGenerator(seed: 42)
    let uniform = (0..<20_000).map { _ in generator.uniform() }
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(uniform.reduce(0, +) / 20_000 - 0.5) < 0.01)
    let normal = (0..<20_000).map { _ in Double(generator.gaussian()) }
    let squares = normal.map { $0 * $0 }
    let mean = normal.reduce(0, +) / 20_000
    let variance = squares.reduce(0, +) / 20_000
    let kurtosis = squares.map { $0 * $0 }.reduce(0, +) / 20_000
    #expect(abs(mean) < 0.03)
    #expect(abs(variance - 1) < 0.05)
    #expect(abs(kurtosis - 3) < 0.3)
    var restored = try JSONDecoder().decode(SeededGenerator.self, from: JSONEncoder().encode(generator))
    #expect(restored.next() == generator.next())
    #expect(generator.derived(1) != generator.derived(2) && generator.derived(1) == generator.derived(1))
  }
}
