import SerdFeatures
import SerdNetwork

/// A classifier that answers at once and counts its windows, for tests of what is around it.
package final class StubClassifier: WindowClassifier {
  /// A small random model, for its description.
  package let model: QuantisedModel
  /// What it says about itself.
  package var description: ModelDescription { model.description }
  /// First frame and gain step of the windows seen.
  package private(set) var windows: [(firstFrame: Int, gainStep: Int)] = []

  /// A stub for windows of this many frames.
  package init(windowFrames: Int = 122) throws {
    model = try TestModels.quantised(TestModels.narrow(.relu), windowFrames: windowFrames)
  }

  /// The answer depends on the window's content: its c1 to c7 of the middle frame, as logits.
  package func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
    windows.append((window.firstFrame, window.gainStep))
    let middle = window.coefficients + window.frameCount / 2 * window.coefficientCount
    for i in probabilities.indices { probabilities[i] = middle[i + 1] }
    Softmax.apply(&probabilities)
  }
}
