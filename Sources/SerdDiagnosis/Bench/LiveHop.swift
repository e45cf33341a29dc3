import SerdDetection
import SerdFeatures
import SerdNetwork
import SerdPipeline

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

/// The network alone, on windows of an endless sound's frames, a hop apart. At the end it begins again.
final class WindowHop {
  private let classifier: any WindowClassifier
  private let frames: [Float]
  private var firstFrame = 0
  private var probabilities: [Float]

  init(classifier: any WindowClassifier, frames: [Float]) {
    self.classifier = classifier
    self.frames = frames
    probabilities = Array(repeating: 0, count: classifier.model.description.labels.count)
  }

  func next() {
    let description = classifier.model.description
    if (firstFrame + description.windowFrames) * description.frontEnd.coefficients > frames.count { firstFrame = 0 }
    frames.withUnsafeBufferPointer {
      classifier.classify(FeatureWindow(of: $0, at: firstFrame, for: description), into: &probabilities)
    }
    firstFrame += WindowPipeline.defaultHopFrames
  }
}

extension FeatureWindow {
  /// The window of a model that begins at a frame, at a gain step that suits speech.
  init(of frames: UnsafeBufferPointer<Float>, at firstFrame: Int, for description: ModelDescription) {
    let width = description.frontEnd.coefficients
    self.init(
      firstFrame: firstFrame, frameCount: description.windowFrames, coefficientCount: width,
      coefficients: frames.baseAddress! + firstFrame * width, level: -20, gainStep: 13)
  }
}
