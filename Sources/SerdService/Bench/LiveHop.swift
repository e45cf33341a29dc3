import SerdDetection
import SerdFeatures
import SerdNetwork

/// The live path, a hop of an endless sound at a time: features, levels, gate, network. Every hop counts as one with speech.
final class LiveHop {
  private let stream: FeatureStream
  private let classifier: any WindowClassifier
  private var gate = SpeechGate()
  private var probabilities: [Float]
  private let sound: [Float]
  private let chunk: Int
  private var position = 0

  /// Takes in all of `sound`, at least a window, so that the first hop is like all others.
  init(classifier: any WindowClassifier, sound: [Float]) {
    let description = classifier.model.description
    stream = FeatureStream(mfcc: MFCC(settings: description.frontEnd), windowFrames: description.windowFrames)
    self.classifier = classifier
    self.sound = sound
    probabilities = Array(repeating: 0, count: description.labels.count)
    chunk = description.frontEnd.hop * WindowPipeline.defaultHopFrames
    sound.withUnsafeBufferPointer { stream.push($0) { _ in } }
  }

  func next() {
    if position + chunk > sound.count { position = 0 }
    sound.withUnsafeBufferPointer { sound in
      stream.push(UnsafeBufferPointer(rebasing: sound[position..<position + chunk])) { frame in
        let cepstrum = UnsafeBufferPointer(start: frame.coefficients, count: stream.settings.coefficients)
        _ = gate.update(level: frame.level, cepstrum: cepstrum)
      }
    }
    classifier.classify(stream.window(), into: &probabilities)
    position += chunk
  }
}
