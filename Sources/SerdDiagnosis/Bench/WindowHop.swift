import SerdFeatures
import SerdNetwork
import SerdPipeline

/// The network alone, on windows of an endless sound's frames, a hop apart. At the end it begins again.
package final class WindowHop {
  private let classifier: any WindowClassifier
  private let frames: [Float]
  private var firstFrame = 0
  /// The latest answer.
  package private(set) var probabilities: [Float]

  /// - Parameter frames: coefficients of all frames, row by row: at least a window.
  package init(classifier: any WindowClassifier, frames: [Float]) {
    self.classifier = classifier
    self.frames = frames
    probabilities = Array(repeating: 0, count: classifier.description.labels.count)
  }

  /// The next window.
  package func next() {
    let description = classifier.description
    if (firstFrame + description.windowFrames) * description.frontEnd.coefficients > frames.count { firstFrame = 0 }
    frames.withUnsafeBufferPointer {
      classifier.classify(FeatureWindow(of: $0, at: firstFrame, for: description), into: &probabilities)
    }
    firstFrame += classifier.description.hopFrames
  }
}

extension FeatureWindow {
  /// A gain step that suits speech.
  private static let usualGainStep = 13

  /// The window of a model that begins at a frame, at a gain step that suits speech.
  package init(of frames: UnsafeBufferPointer<Float>, at firstFrame: Int, for description: ModelDescription) {
    let width = description.frontEnd.coefficients
    self.init(
      firstFrame: firstFrame, frameCount: description.windowFrames, coefficientCount: width,
      coefficients: frames.baseAddress! + firstFrame * width, level: -20, gainStep: Self.usualGainStep)
  }
}
