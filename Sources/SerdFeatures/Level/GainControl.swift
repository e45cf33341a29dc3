/// The gain step that brings a window's level to full scale, with hysteresis from window to window.
///
/// A gain only moves c0 (`InputScaling`); the samples are never changed. Silence must not reach this: raising it to
/// full scale would be wrong, so the speech gate decides first.
package struct GainControl: Sendable {
  private let settings: LevelSettings
  /// The present step, in units of `stepSize`; nil before the first window.
  package private(set) var step: Int?

  /// A control that has seen no window.
  package init(settings: LevelSettings) { self.settings = settings }

  /// Takes a window's level in dBFS and returns the step to use for it.
  package mutating func update(level: Float) -> Int {
    let exact = Double(-level) / settings.stepSize
    if let step, (exact - Double(step)).magnitude * settings.stepSize <= settings.hysteresis { return step }
    let nearest = Int(exact.rounded())
    let limited = max(-settings.largestStep, min(settings.largestStep, nearest))
    step = limited
    return limited
  }
}
