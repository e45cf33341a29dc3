import Foundation
import SerdAudio
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// A recording, over and over for some minutes, as the benchmarks' endless stream.
struct HopSound {
  let samples: [Float]
  /// All its frames, row by row.
  let frames: [Float]

  /// - Parameter file: any sound file.
  init(file: String, frontEnd: FrontEndSettings) throws {
    let source = try FileSource(path: file)
    var once: [Float] = []
    while case let more = try source.read(frontEnd.sampleRate), !more.isEmpty { once += more }
    let copies = max(1, 300 * frontEnd.sampleRate / max(1, once.count))
    samples = Array(repeatElement(once, count: copies).joined())
    frames = FeatureStream.frames(of: samples, settings: frontEnd)
  }

  /// Calls `body` with the window that starts at a frame, at a gain step that suits speech.
  func withWindow(
    at firstFrame: Int, of description: ModelDescription, _ body: (FeatureWindow) throws -> Void
  ) rethrows {
    let width = description.frontEnd.coefficients
    try frames.withUnsafeBufferPointer {
      try body(
        FeatureWindow(
          firstFrame: firstFrame, frameCount: description.windowFrames, coefficientCount: width,
          coefficients: $0.baseAddress! + firstFrame * width, level: -20, gainStep: 13))
    }
  }
}

/// A classifier that is given one window after the other, a hop apart; at the end of the sound it starts again.
final class Hops {
  private let classifier: any WindowClassifier
  private let sound: HopSound
  private var firstFrame = 0
  private(set) var probabilities: [Float]

  init(_ classifier: any WindowClassifier, _ sound: HopSound) {
    self.classifier = classifier
    self.sound = sound
    probabilities = Array(repeating: 0, count: classifier.model.description.labels.count)
  }

  func next() {
    let description = classifier.model.description
    if (firstFrame + description.windowFrames) * description.frontEnd.coefficients > sound.frames.count {
      firstFrame = 0
    }
    sound.withWindow(at: firstFrame, of: description) { classifier.classify($0, into: &probabilities) }
    firstFrame += WindowPipeline.defaultHopFrames
  }
}

/// The same from samples on: the front end makes the hop's frames and the window's gain, then the classifier runs.
final class LiveHops {
  private let stream: FeatureStream
  private let classifier: any WindowClassifier
  private let sound: HopSound
  private var probabilities: [Float]
  private var position = 0

  init(_ classifier: any WindowClassifier, _ sound: HopSound) {
    let description = classifier.model.description
    stream = FeatureStream(mfcc: MFCC(settings: description.frontEnd), windowFrames: description.windowFrames)
    self.classifier = classifier
    self.sound = sound
    probabilities = Array(repeating: 0, count: description.labels.count)
    // The first window, so that every hop has one.
    sound.samples.withUnsafeBufferPointer { stream.push(UnsafeBufferPointer(rebasing: $0[..<50000])) { _ in } }
  }

  func next() {
    let chunk = classifier.model.description.frontEnd.hop * WindowPipeline.defaultHopFrames
    if position + chunk > sound.samples.count { position = 0 }
    sound.samples.withUnsafeBufferPointer {
      stream.push(UnsafeBufferPointer(rebasing: $0[position..<position + chunk])) { _ in }
    }
    classifier.classify(stream.window(), into: &probabilities)
    position += chunk
  }
}
