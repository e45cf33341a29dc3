/// A window of MFCC frames, as a `WindowClassifier` gets it: unscaled, with its place in the stream and its gain step,
/// so that a classifier may reuse what it computed for an overlapping window of the same gain.
///
/// A view: valid until the stream that made it is pushed on.
package struct FeatureWindow {
  /// Index of the first frame since the start of the stream.
  package let firstFrame: Int
  /// Rows of `coefficients`.
  package let frameCount: Int
  /// Columns of `coefficients`.
  package let coefficientCount: Int
  /// `frameCount` × `coefficientCount` values, row by row, before gain, standardisation and clip.
  package let coefficients: UnsafePointer<Float>
  /// Level of the window's speech in dBFS (`LevelSettings`).
  package let level: Float
  /// Gain in steps of `LevelSettings.stepSize`.
  package let gainStep: Int
  /// What replaces the front end's own standardisation, if it follows the speaker.
  package var standardisation: AdaptedStandardisation?
  /// Whom a model with a speech encoder follows.
  package var speaker: (any VectorFollower)?
  /// The window's frames of the other front end, for a model that has a speech encoder.
  package var logMel: LogMelFrames?

  /// A view on log-mel frames: those that lie within the window.
  package struct LogMelFrames {
    /// Frames × bands, row by row.
    package let values: UnsafePointer<Float>
    /// Frames.
    package let count: Int

    package init(values: UnsafePointer<Float>, count: Int) {
      self.values = values
      self.count = count
    }
  }

  /// A view on the values of a `RunningStandardisation`.
  package struct AdaptedStandardisation {
    /// Means, then reciprocal deviations, `coefficientCount` each.
    package let values: UnsafePointer<Float>
    /// Differs if the values do, within a stream.
    package let number: Int

    package init(values: UnsafePointer<Float>, number: Int) {
      self.values = values
      self.number = number
    }
  }

  /// A view on `frameCount` × `coefficientCount` values that the caller keeps alive.
  package init(
    firstFrame: Int, frameCount: Int, coefficientCount: Int, coefficients: UnsafePointer<Float>, level: Float,
    gainStep: Int
  ) {
    self.firstFrame = firstFrame
    self.frameCount = frameCount
    self.coefficientCount = coefficientCount
    self.coefficients = coefficients
    self.level = level
    self.gainStep = gainStep
  }
}
