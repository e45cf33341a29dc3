import SerdDetection
import SerdFeatures

/// Samples to frames, and the speech gate's verdict on each: what everybody who hears goes through, live or from a
/// file, to classify, to survey a room, or to measure.
///
/// Allocates nothing but in `init` and `restart`. Not safe to share between threads.
package final class GatedStream {
  /// The gate's settings; others count from the next frame on.
  package var gateSettings: SpeechGate.Settings {
    get { gate.settings }
    set { gate.settings = newValue }
  }
  /// The frames; windows are taken from here.
  package private(set) var frames: FeatureStream
  /// The constant offset of the samples, as a share of full scale; it is taken out.
  package var offset: Float { frames.offset }
  private let mfcc: MFCC
  private var gate: SpeechGate
  private let listener: (any BlockListener)?

  /// A stream at its start.
  ///
  /// - Parameter listener: another front end, which hears the same samples.
  package init(mfcc: MFCC, windowFrames: Int, gate: SpeechGate.Settings, listener: (any BlockListener)? = nil) {
    self.mfcc = mfcc
    self.listener = listener
    frames = FeatureStream(mfcc: mfcc, windowFrames: windowFrames, listener: listener)
    self.gate = SpeechGate(settings: gate)
  }

  /// Starts a new stream of frames; the gate keeps what it knows of the room.
  package func restart() {
    frames = FeatureStream(mfcc: mfcc, windowFrames: frames.windowFrames, listener: listener)
  }

  /// Takes the next samples (16 kHz, mono) and calls `onFrame` with each frame that they complete, and whether the gate
  /// is open.
  package func push(
    _ samples: UnsafeBufferPointer<Float>, onFrame: (FeatureStream.Frame, Bool) throws -> Void
  ) rethrows {
    try frames.push(samples) { frame in
      let cepstrum = UnsafeBufferPointer(start: frame.coefficients, count: frames.settings.coefficients)
      try onFrame(frame, gate.update(level: frame.level, cepstrum: cepstrum))
    }
  }
}
