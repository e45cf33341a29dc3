import SerdAudio
import SerdCorpora
import SerdFeatures
import SerdLearning
import SerdNetwork
import SerdPipeline

/// Classifies recordings with a trained model: in float on the features, and in int8 through the very pipeline that serd runs.
package enum FoldEvaluation {
  /// Decisions of the float network on the windows that `serd --once` classifies.
  package static func float(
    _ model: FloatModel, corpus: Corpus, features: FeatureSet, recordings: [Int]
  ) throws -> [Decision] {
    let description = model.description
    let network = TrainableNetwork(
      architecture: description.architecture, frames: description.windowFrames,
      coefficients: description.frontEnd.coefficients, classes: description.labels.count, seed: 0)
    try network.load(model.tensors.mapValues { ($0.shape, $0.values) })
    var decisions: [Decision] = []
    let inputs = scaledWindows(of: recordings, corpus: corpus, features: features, frontEnd: description.frontEnd)
    for start in stride(from: 0, to: recordings.count, by: 32) {
      let range = start..<min(start + 32, recordings.count)
      let batch = Array(recordings[range])
      let logits = network.forward(
        Array(inputs[range.lowerBound * features.windowSize..<range.upperBound * features.windowSize]),
        count: batch.count, training: false)
      for (index, recording) in batch.enumerated() {
        var probabilities = Array(logits[index * corpus.labels.count..<(index + 1) * corpus.labels.count])
        SerdNetwork.Softmax.apply(&probabilities, temperature: description.softmaxTemperature)
        decisions.append(Decision(corpus.recordings[recording], probabilities: probabilities))
      }
    }
    return decisions
  }

  /// Decisions of the int8 network by `FileClassifier` on the files: what `serd --once` answers. A model that adapts hears each
  /// speaker's recordings one after the other, in the order given.
  package static func int8(_ model: QuantisedModel, corpus: Corpus, recordings: [Int]) throws -> [Decision] {
    let network = model.makeClassifier()
    var speakers = HeardSpeakers(frontEnd: model.description.frontEnd)
    return try recordings.map { index in
      let recording = corpus.recordings[index]
      let classifier = FileClassifier(classifier: network, adaptation: speakers.adaptation(of: recording.speaker))
      let source: any AudioSource =
        recording.span == nil ? try FileSource(path: recording.path) : SampleSource(try recording.samples())
      let result = try classifier.classify(source)
      return Decision(recording, probabilities: result.probabilities ?? [])
    }
  }

  /// Decisions of the int8 network as a recipe counts them: of serd's pipeline, or on windows prepared as a published experiment did.
  static func int8(
    _ model: QuantisedModel, recipe: Recipe, corpus: Corpus, features: FeatureSet, recordings: [Int]
  ) throws -> [Decision] {
    recipe.preparation == nil
      ? try int8(model, corpus: corpus, recordings: recordings)
      : int8(model, corpus: corpus, features: features, recordings: recordings)
  }

  /// Decisions of the int8 network on windows that were prepared otherwise than serd does (`Preparation`).
  static func int8(_ model: QuantisedModel, corpus: Corpus, features: FeatureSet, recordings: [Int]) -> [Decision] {
    let classifier = model.makeClassifier()
    return recordings.map { index in
      var probabilities = [Float](repeating: 0, count: corpus.labels.count)
      features.withWindow(recording: index, version: features.evaluationVersion) { window in
        classifier.classify(
          FeatureWindow(
            firstFrame: 0, frameCount: features.frames, coefficientCount: features.frontEnd.coefficients,
            coefficients: window, level: 0, gainStep: 0), into: &probabilities)
      }
      return Decision(corpus.recordings[index], probabilities: probabilities)
    }
  }

  /// The windows of some recordings that `serd --once` classifies, as network input: standardised and clipped, one after the other;
  /// adapted, if the front end does, to what was heard of the speaker so far.
  package static func scaledWindows(
    of recordings: [Int], corpus: Corpus, features: FeatureSet, frontEnd: FrontEndSettings
  ) -> [Float] {
    var speakers = HeardSpeakers(frontEnd: frontEnd)
    let scaling = InputScaling(settings: frontEnd)
    var result = [Float](repeating: 0, count: recordings.count * features.windowSize)
    result.withUnsafeMutableBufferPointer { result in
      for (index, recording) in recordings.enumerated() {
        features.withWindow(recording: recording, version: features.evaluationVersion) { window in
          // The features have their gain on c0 already.
          let whole = FeatureWindow(
            firstFrame: 0, frameCount: features.frames, coefficientCount: frontEnd.coefficients, coefficients: window,
            level: 0, gainStep: 0)
          let adaptation = speakers.adaptation(of: corpus.recordings[recording].speaker)
          let adapted = adaptation?.hear(whole, newest: features.frames).standardisation
          for frame in 0..<features.frames {
            let offset = frame * frontEnd.coefficients
            scaling.apply(
              window + offset, gainStep: 0, adapted: adapted,
              into: result.baseAddress! + index * features.windowSize + offset)
          }
        }
      }
    }
    return result
  }
}

extension Decision {
  fileprivate init(_ recording: Recording, probabilities: [Float]) {
    self.init(
      recording: recording.name, speaker: recording.speaker, truth: recording.label, probabilities: probabilities)
  }
}
