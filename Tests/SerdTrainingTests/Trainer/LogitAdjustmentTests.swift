import Foundation
import SerdLearning
import SerdNetwork
import SerdTestKit
import SerdTraining
import Testing

/// Frequencies of the training recordings are taken out of the last layer's bias: once, and of nothing else.
@Suite struct LogitAdjustmentTests {
  let tiny: TinyTraining

  init() throws { tiny = try TinyTraining() }

  @Test("twice as many recordings cost τ · ln 2; together the offsets are nothing")
  func offsets() {
    let offsets = LogitAdjustment(strength: 0.5, occurrences: [20, 10, 10]).offsets
    #expect(abs(offsets[1] - offsets[0] - 0.5 * Float(log(2.0))) < 1e-6 && offsets[1] == offsets[2])
    #expect(abs(offsets.reduce(0, +)) < 1e-6)
  }

  @Test("classes alike stay as they are, and one that training never had gains nothing")
  func noOffsets() {
    #expect(LogitAdjustment(strength: 1, occurrences: [7, 7]).offsets == [0, 0])
    #expect(LogitAdjustment(strength: 1, occurrences: [7, 0, 7]).offsets == [0, 0, 0])
  }

  /// Of an uneven choice of the tiny corpus's recordings: eight of one class, three of the other.
  private var uneven: [Int] {
    let labels = Set(tiny.corpus.recordings.map(\.label)).sorted()
    return labels.enumerated().flatMap { rank, label in
      tiny.corpus.recordings.indices.filter { tiny.corpus.recordings[$0].label == label }.prefix(rank == 0 ? 8 : 3)
    }
  }

  private func trainer(_ strength: Double?, epochs: Int = 2, choosing: [Int] = []) -> Trainer {
    var recipe = TinyTraining.recipe
    recipe.logitAdjustment = strength
    recipe.epochs = epochs
    return tiny.trainer(recipe, on: uneven, choosing: choosing, seed: 3)
  }

  private func trained(_ strength: Double?, epochs: Int = 2, choosing: [Int] = []) throws -> FloatModel {
    let trainer = trainer(strength, epochs: epochs, choosing: choosing)
    try trainer.run { _ in }
    return try trainer.model(name: "tiny", provenance: TinyTraining.provenance)
  }

  private var expected: [Float] {
    let occurrences = tiny.corpus.labels.indices.map { label in
      uneven.count { tiny.corpus.recordings[$0].label == label }
    }
    return LogitAdjustment(strength: 0.5, occurrences: occurrences).offsets
  }

  @Test("a model differs by them in its last bias, and in nothing else")
  func model() throws {
    let (plain, adjusted) = (try trained(nil), try trained(0.5))
    #expect(expected.contains { $0 != 0 })
    for (name, tensor) in plain.tensors where name != "head.bias" {
      #expect(adjusted.tensors[name] == tensor, "\(name)")
    }
    let (before, after) = (plain.tensors["head.bias"]!.values, adjusted.tensors["head.bias"]!.values)
    #expect(after == zip(before, expected).map { $0 + $1 })
  }

  @Test("so does the model of a chosen epoch")
  func chosenEpoch() throws {
    let plain = try trained(nil, epochs: 1, choosing: uneven).tensors["head.bias"]!.values
    let adjusted = try trained(0.5, epochs: 1, choosing: uneven).tensors["head.bias"]!.values
    #expect(adjusted == zip(plain, expected).map { $0 + $1 })
  }

  @Test("a training that goes on from such a model does not take them twice")
  func goesOn() throws {
    let model = try trained(0.5)
    let trainer = trainer(0.5)
    try trainer.goOn(from: model, rounding: nil)
    let again = try trainer.model(name: "tiny", provenance: TinyTraining.provenance).tensors["head.bias"]!.values
    for (a, b) in zip(again, model.tensors["head.bias"]!.values) { #expect(abs(a - b) < 1e-6) }
  }
}
