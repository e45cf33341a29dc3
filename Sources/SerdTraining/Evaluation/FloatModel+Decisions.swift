import SerdLearning
import SerdNetwork

extension FloatModel {
  /// Decisions of the float network on the windows that `serd --once` classifies.
  package func decisions(on data: TrainingData) throws -> [Decision] {
    let logits = try TrainableNetwork(self).logits(of: data.scaledWindows(for: description.frontEnd))
    let classes = description.labels.count
    return data.recordings.enumerated().map { index, recording in
      var probabilities = Array(logits[index * classes..<(index + 1) * classes])
      Softmax.apply(&probabilities, temperature: description.softmaxTemperature)
      return Decision(recording, probabilities: probabilities)
    }
  }
}
