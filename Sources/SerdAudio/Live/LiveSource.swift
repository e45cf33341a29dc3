/// Sound that arrives as time passes, and all that can happen to a microphone, in the order in which it happened.
///
/// A source mixes down and resamples by itself, as `AudioSource` does; a missing, busy or unplugged device is a
/// condition that it reports and recovers from, never an error. Used from one thread; the sound may be captured on
/// another.
///
/// Not for files that are read as fast as possible: `AudioSource` is.
package protocol LiveSource: AnyObject {
  /// What is listened to, as the user configured it (`plughw:CARD=Mic`, a file's path).
  var name: String { get }

  /// Waits at most `timeout` for what comes next. Samples are at `SampleRate.pipeline`, mono, nominally in [-1, 1].
  /// Allocates nothing when it returns samples.
  func next(into buffer: UnsafeMutableBufferPointer<Float>, timeout: Duration) -> LiveReading

  /// Grows with every block of sound that was captured and every attempt to open the device that ended: what a watchdog
  /// wants to see.
  var progress: Int { get }

  /// Ends capturing and releases the device; `next` returns `.ended` from then on. Takes well under a second.
  func stop()
}

/// What a `LiveSource` delivers.
package enum LiveReading: Equatable, Sendable {
  /// So many samples were written to the start of the buffer; the last of them was heard at `heardAt`, in nanoseconds
  /// of CLOCK_MONOTONIC.
  case samples(count: Int, heardAt: Int64)
  /// Sound is missing between what was delivered before and what comes next: an overrun, an unplugged device, a
  /// suspend.
  case gap(Gap)
  /// The device's condition changed.
  case device(DeviceCondition)
  /// What the microphone delivers changed between usable, flat and clipping.
  case signal(SignalCondition)
  /// Nothing happened within the timeout.
  case nothing
  /// The source was stopped, or a replayed recording is over.
  case ended
}

/// A piece of time without sound.
package struct Gap: Equatable, Sendable {
  /// Why sound is missing.
  package enum Cause: String, Sendable {
    /// The sound card's buffer, or ours, was full (xrun).
    case overrun
    /// The device was away: unplugged, busy, suspended.
    case deviceLost = "device-lost"
  }
  /// Why.
  package let cause: Cause
  /// How long, in seconds, as far as the clock tells; the time that the machine slept is part of it.
  package let seconds: Double
  /// A gap.
  package init(cause: Cause, seconds: Double) {
    self.cause = cause
    self.seconds = seconds
  }
}

/// What the captured sound looks like, whatever is said.
package enum SignalCondition: String, Equatable, Sendable {
  /// Usable.
  case normal
  /// Flat: a dead or muted microphone.
  case flat
  /// Often at full scale: the gain is too high.
  case clipping
  /// The channels cancel each other (opposite phase), so one alone is heard.
  case cancelling
}
