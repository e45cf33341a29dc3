import SerdAudio
import SerdCorpora
import SerdFeatures
import SerdNetwork
import SerdPipeline

extension QuantisedModel {
  /// Decisions of the int8 network as a recipe counts them: of serd's pipeline, or on windows prepared as a published
  /// experiment did.
  func decisions(on data: TrainingData, preparation: Preparation?) throws -> [Decision] {
    preparation == nil ? try decisionsOfPipeline(on: data.recordings) : decisionsOnPrepared(data)
  }

  /// Decisions by `FileClassifier` on the files: what `serd --once` answers. A model that adapts hears each speaker's
  /// recordings one after the other, in the order given.
  package func decisionsOfPipeline(on recordings: [Recording]) throws -> [Decision] {
    let network = makeClassifier()
    var speakers = HeardSpeakers(network.makeMemory)
    return try recordings.map { recording in
      let classifier = FileClassifier(
        classifier: network, transform: .chosen, adaptation: speakers.adaptation(of: recording.speaker))
      let source: any AudioSource =
        recording.span == nil ? try FileSource(path: recording.path) : SampleSource(try recording.samples())
      return Decision(recording, probabilities: try classifier.classify(source).probabilities ?? [])
    }
  }

  /// Decisions on windows that were prepared otherwise than serd does (`Preparation`).
  private func decisionsOnPrepared(_ data: TrainingData) -> [Decision] {
    let classifier = makeClassifier()
    let features = data.features
    return data.indices.map { index in
      var probabilities = [Float](repeating: 0, count: description.labels.count)
      features.withWindow(recording: index, version: features.evaluationVersion) { window in
        classifier.classify(
          FeatureWindow(
            firstFrame: 0, frameCount: features.frames, coefficientCount: features.frontEnd.coefficients,
            coefficients: window, level: 0, gainStep: 0), into: &probabilities)
      }
      return Decision(data.corpus.recordings[index], probabilities: probabilities)
    }
  }
}
