import SerdFeatures

/// The seam between the pipeline and whichever inference serves it: the scalar reference, vector kernels, or
/// incremental inference that reuses what overlapping windows share; or a speech encoder in the network's place.
///
/// A classifier applies the model's `InputScaling` itself, since a `FeatureWindow` is unscaled. It may keep state from
/// window to window, but its answer must depend on the window alone. Not safe to share between threads.
package protocol WindowClassifier: AnyObject {
  /// The model that is run.
  var description: ModelDescription { get }

  /// Writes one probability per label for a window of `description.windowFrames` frames; they sum to 1.
  /// `probabilities` must have as many elements as there are labels. Allocates nothing.
  func classify(_ window: FeatureWindow, into probabilities: inout [Float])

  /// A memory of a speaker of whom nothing was heard yet; nil if the model follows nobody.
  func makeMemory() -> (any SpeakerMemory)?
}

extension WindowClassifier {
  package func makeMemory() -> (any SpeakerMemory)? { RunningStandardisation(settings: description.frontEnd) }
}
