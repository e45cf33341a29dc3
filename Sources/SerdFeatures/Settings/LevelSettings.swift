/// How the level of a window is measured and turned into a gain step.
///
/// The level is a percentile of |x| over the window's speech, where speech means the blocks (one hop each) whose energy
/// lies within `speechRange` of the loudest block. The gain brings it to full scale, in steps: a step changes the input
/// of a whole window, so it must be seldom.
package struct LevelSettings: Codable, Equatable, Sendable {
  /// Share of |x| below the level.
  package var percentile = 0.999
  /// In dB.
  package var stepSize = 1.5
  /// A new level moves the gain only when it is further than this from the present step, in dB.
  package var hysteresis = 1.5
  /// In dB below the loudest block.
  package var speechRange = 30.0
  /// Steps are kept in ± this, so that silence is never raised without bound.
  package var largestStep = 40

  /// The design's values: the 99.9th percentile in steps of 1.5 dB.
  package init() {}

  func defect() -> String? {
    guard percentile > 0.5, percentile < 1, stepSize > 0.01, stepSize <= 12, hysteresis >= stepSize / 2,
      hysteresis <= 24,
      speechRange > 0, speechRange <= 120, (0...200).contains(largestStep)
    else { return "level settings \(self)" }
    return nil
  }
}
