import Foundation
import SerdLearning
import SerdNetwork

/// The weights of the best epoch so far.
struct ChosenEpoch {
  let epoch: Int
  let validation: EpochValidation
  let parameters: [Float]
  let runningStatistics: [Float]

  var summary: Summary { Summary(epoch: epoch, validation: validation) }

  /// Adds them to a checkpoint.
  func store(in file: inout Safetensors) {
    file.metadata["best"] = (try? JSONEncoder().encode(summary)).map { String(decoding: $0, as: UTF8.self) }
    file.set("best.parameters", shape: [parameters.count], floats: parameters)
    file.set("best.running", shape: [runningStatistics.count], floats: runningStatistics)
  }

  struct Summary: Codable {
    let epoch: Int
    let validation: EpochValidation
  }
}

extension ChosenEpoch {
  /// Reads what `store` wrote.
  init(from file: Safetensors, like network: TrainableNetwork) throws {
    guard let text = file.metadata["best"],
      let summary = try? JSONDecoder().decode(Summary.self, from: Data(text.utf8))
    else {
      throw TrainingError("the checkpoint does not say which epoch is best", advice: "it needs the same protocol")
    }
    epoch = summary.epoch
    validation = summary.validation
    parameters = try file.floats("best.parameters", shape: [network.parameters.count])
    runningStatistics = try file.floats("best.running", shape: [network.runningStatistics.count])
  }
}
