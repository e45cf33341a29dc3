/// What a model that follows its speaker has heard of them, from stream to stream.
package protocol SpeakerMemory: AnyObject {
  /// Hears the last `newest` frames of a window with speech, and returns the window with what is then known. What it
  /// points to is valid until the next call. Allocates nothing.
  func hear(_ window: FeatureWindow, newest: Int) -> FeatureWindow
}

extension RunningStandardisation: SpeakerMemory {}
