import SerdDetection
import SerdFeatures
import SerdNetwork
import SerdPipeline

/// The live path, a hop of an endless sound at a time: `WindowPipeline` itself, whose gate lets every window through.
package final class LiveHop {
  private let pipeline: WindowPipeline
  private let sound: [Float]
  private let chunk: Int
  private var position = 0

  /// Takes in all of `sound`, at least a window, so that the first hop is like all others.
  package init(classifier: any WindowClassifier, transform: TransformKind = .default, sound: [Float]) {
    var gate = SpeechGate.Settings()
    gate.minimumOpenShare = 0
    pipeline = WindowPipeline(classifier: classifier, transform: transform, gate: gate)
    self.sound = sound
    chunk = classifier.description.frontEnd.hop * classifier.description.hopFrames
    sound.withUnsafeBufferPointer { pipeline.push($0) { _ in } }
  }

  /// One hop; at the end of the sound it begins again.
  package func next() {
    if position + chunk > sound.count { position = 0 }
    sound.withUnsafeBufferPointer { sound in
      pipeline.push(UnsafeBufferPointer(rebasing: sound[position..<position + chunk])) { _ in }
    }
    position += chunk
  }
}
