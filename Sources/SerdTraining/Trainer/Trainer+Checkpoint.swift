import Foundation
import SerdLearning
import SerdNetwork

extension Trainer {
  /// All state that the next epoch depends on.
  package func checkpoint() -> Safetensors {
    var file = Safetensors(metadata: [
      "epoch": "\(epoch)", "steps": "\(optimiser.steps)", "updates": "\(average?.updates ?? 0)",
      "generators": String(decoding: try! JSONEncoder().encode([generator, network.generator]), as: UTF8.self),
    ])
    for (name, values) in [
      ("parameters", network.parameters), ("running", network.runningStatistics), ("first", optimiser.first),
      ("second", optimiser.second), ("average.parameters", average?.parameters ?? []),
      ("average.running", average?.runningStatistics ?? []),
    ] { file.set(name, shape: [values.count], floats: values) }
    best?.store(in: &file)
    return file
  }

  /// Goes on from a checkpoint of the same recipe, recordings and seed.
  package func restore(_ file: Safetensors) throws {
    let count = network.parameters.count
    guard let epoch = file.metadata["epoch"].flatMap({ Int($0) }), (0...recipe.epochs).contains(epoch),
      let steps = file.metadata["steps"].flatMap({ Int($0) }),
      let updates = file.metadata["updates"].flatMap({ Int($0) }),
      let generators = file.metadata["generators"].flatMap({
        try? JSONDecoder().decode([SeededGenerator].self, from: Data($0.utf8))
      }), generators.count == 2
    else {
      throw TrainingError("the checkpoint is not of this training", advice: "it needs the same recipe and recordings")
    }
    network.parameters = try file.floats("parameters", shape: [count])
    network.runningStatistics = try file.floats("running", shape: [network.runningStatistics.count])
    optimiser.restore(
      steps: steps, first: try file.floats("first", shape: [count]), second: try file.floats("second", shape: [count]))
    average?.restore(
      updates: updates, parameters: try file.floats("average.parameters", shape: [count]),
      runningStatistics: try file.floats("average.running", shape: [network.runningStatistics.count]))
    best = choosing == nil || epoch == 0 ? nil : try ChosenEpoch(from: file, like: network)
    self.epoch = epoch
    generator = generators[0]
    network.generator = generators[1]
  }
}
