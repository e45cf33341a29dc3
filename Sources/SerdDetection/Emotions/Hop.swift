/// What the pipeline heard in the window that ends at a hop: the input of an `EmotionTracker`, one per hop, speech or
/// not.
package struct Hop: Equatable, Sendable {
  /// Where the window ends, in seconds on the stream's own time line; never less than in the hop before.
  package var end: Double
  /// One probability per label; nil if the window had too little speech to be classified.
  package var probabilities: [Float]?
  /// Level of the window's speech in dBFS.
  package var level: Float
  /// Share of the window in which the speech gate was open, 0 to 1.
  package var speechRatio: Double
  /// How far the window is from what the model was trained on (`Novelty`); 0 if nobody measured it.
  package var novelty: Float

  /// What was heard in the window that ends at `end`.
  package init(end: Double, probabilities: [Float]?, level: Float, speechRatio: Double, novelty: Float = 0) {
    self.end = end
    self.probabilities = probabilities
    self.level = level
    self.speechRatio = speechRatio
    self.novelty = novelty
  }
}
