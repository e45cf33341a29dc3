import SerdEncoder
import SerdFeatures
import SerdNetwork

/// Stands in the classifier's place of serd's own pipeline and keeps what a head would be given: so heads are trained
/// on the windows that serd classifies, with its gate, its gain and the int8 encoder that it runs.
///
/// Not safe to share between threads.
final class PooledRecorder: WindowClassifier {
  let description: ModelDescription
  /// Of the windows classified since it was last emptied: `PooledWindow.valueCount` values each.
  private(set) var windows: [[Float]] = []
  private let encoder: Int8Encoder
  private let c0OffsetPerStep: Float

  init(_ model: QuantisedEncoder, frontEnd: FrontEndSettings, windowFrames: Int) {
    description = ModelDescription(
      name: "", architecture: nil, frontEnd: frontEnd, windowFrames: windowFrames, labels: ["a", "b"],
      provenance: Provenance(corpora: [], terms: "", recipe: "", seed: 0, revision: "", command: ""))
    encoder = Int8Encoder(model, frames: LogMel.frames(inSamples: description.windowSamples))
    c0OffsetPerStep = InputScaling.c0Offset(decibels: frontEnd.level.stepSize, settings: frontEnd)
  }

  func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
    let mel = window.logMel!
    let offset = LogMel.offset(gainStep: window.gainStep, level: description.frontEnd.level)
    let pooled = encoder.pooled(
      Array(UnsafeBufferPointer(start: mel.values, count: mel.count * LogMel.bands)), offset: offset)
    windows.append(pooled + cepstra(of: window))
    for i in probabilities.indices { probabilities[i] = 1 / Float(probabilities.count) }
  }

  /// Gives the windows away and begins anew.
  func take() -> [[Float]] {
    defer { windows = [] }
    return windows
  }

  /// Mean and mean square of each coefficient, with the gain: for the statistics that novelty is measured by.
  private func cepstra(of window: FeatureWindow) -> [Float] {
    let width = window.coefficientCount
    var moments = [Float](repeating: 0, count: 2 * width)
    for frame in 0..<window.frameCount {
      for k in 0..<width {
        let gain = k == 0 ? Float(window.gainStep) * c0OffsetPerStep : 0
        let value = window.coefficients[frame * width + k] + gain
        moments[k] += value
        moments[width + k] += value * value
      }
    }
    return moments.map { $0 / Float(window.frameCount) }
  }
}
