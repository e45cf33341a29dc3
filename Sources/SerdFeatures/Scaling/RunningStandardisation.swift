/// The standardisation of a stream that follows its speech: from the training speakers' to that of who speaks, by what
/// was heard so far, never by what comes later.
///
/// A speaker's own mean and deviation take out much of what differs between voices and microphones. It cannot tell a
/// speaker who is always sad from a sad voice; the training speakers' statistics, which weigh as
/// `SpeakerAdaptation.priorFrames` frames, hold against that at first, and nothing does in the long run. Not safe to
/// share between threads; no allocation after `init`.
package final class RunningStandardisation: SpeakerMemory {
  private let prior: Standardisation
  private let adaptation: SpeakerAdaptation
  private let c0OffsetPerStep: Float
  private var statistics: SpeakerStatistics
  /// Means, then reciprocal deviations.
  private let values: UnsafeMutablePointer<Float>
  /// How often the values have changed.
  private var changes = 0
  /// Frames of speech at which they change again.
  private var nextChange = 0.0

  /// At the start of a stream; nil if the front end does not adapt.
  package init?(settings: FrontEndSettings) {
    guard let adaptation = settings.adaptation, let prior = settings.standardisation else { return nil }
    self.adaptation = adaptation
    self.prior = prior
    c0OffsetPerStep = InputScaling.c0Offset(decibels: settings.level.stepSize, settings: settings)
    statistics = SpeakerStatistics(settings: settings)
    values = .allocate(capacity: 2 * settings.coefficients)
    values.initialize(repeating: 0, count: 2 * settings.coefficients)
    statistics.write(prior: prior, weight: adaptation.priorFrames, into: values)
  }

  deinit { values.deallocate() }

  /// Hears the last `newest` frames of a window with speech, and returns the window with the standardisation that is
  /// then known.
  ///
  /// That changes seldom, whenever a fifth more was heard and at least a second: a classifier that reuses earlier
  /// windows must begin anew then. The pointer in the result is valid until the next call.
  package func hear(_ window: FeatureWindow, newest: Int) -> FeatureWindow {
    statistics.add(
      window.coefficients, frameCount: window.frameCount, newest: newest,
      c0Offset: Float(window.gainStep) * c0OffsetPerStep)
    if statistics.frames >= nextChange {
      statistics.write(prior: prior, weight: adaptation.priorFrames, into: values)
      changes += 1
      if statistics.frames >= Double(2 * adaptation.memoryFrames) { statistics.fade() }
      nextChange = max(statistics.frames * 1.2, statistics.frames + 62)
    }
    var adapted = window
    adapted.standardisation = FeatureWindow.AdaptedStandardisation(values: values, number: changes)
    return adapted
  }

  package var heard: Double { statistics.frames }

  package var record: SpeakerRecord { statistics.record }

  package func restore(_ record: SpeakerRecord) -> Bool {
    guard statistics.restore(record) else { return false }
    statistics.write(prior: prior, weight: adaptation.priorFrames, into: values)
    changes += 1
    nextChange = max(statistics.frames * 1.2, statistics.frames + 62)
    if record == .nothing { nextChange = 0 }
    return true
  }
}
