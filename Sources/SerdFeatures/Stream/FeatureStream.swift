/// From samples to MFCC frames and windows, for any chunking of the samples: files and live audio go through here.
///
/// Samples are pushed in chunks of any size; each completed frame is handed to a closure, in order, while the frames of
/// the last window stay at hand in one contiguous block. The frames do not depend on the chunking, to the bit. No
/// allocation after `init`. Not safe to share between threads.
///
/// Not here: whether a window is worth classifying (SerdDetection), and the scaling to network input (`InputScaling`).
package final class FeatureStream {
  /// One completed frame.
  package struct Frame {
    /// Frames since the start of the stream, from 0.
    package let index: Int
    /// The MFCCs, `settings.coefficients` of them; valid during the call.
    package let coefficients: UnsafePointer<Float>
    /// RMS of the frame's samples in dB relative to full scale (a full-scale square wave is 0); -200 for digital
    /// silence.
    package let level: Float
  }

  /// The front end.
  package let settings: FrontEndSettings
  /// Frames per window.
  package let windowFrames: Int
  /// Frames completed since the start.
  package private(set) var frameCount = 0

  private let mfcc: MFCC
  private var offsetFilter: OffsetFilter?
  private var meter: LevelMeter
  private var gain: GainControl
  private let storage: FeatureStreamStorage
  private let listener: (any BlockListener)?

  /// - Parameters:
  ///   - mfcc: the front end; pass one to use a warped one (training).
  ///   - listener: gets every block of samples, the constant offset taken out, before the frame that it completes.
  package init(mfcc: MFCC, windowFrames: Int, listener: (any BlockListener)? = nil) {
    precondition(mfcc.settings.frameLength % mfcc.settings.hop == 0, "a frame must be a whole number of hops")
    precondition(windowFrames > 0, "a window has at least one frame")
    settings = mfcc.settings
    self.windowFrames = windowFrames
    self.mfcc = mfcc
    self.listener = listener
    if settings.offsetSamples > 0 {
      offsetFilter = OffsetFilter(
        memory: settings.offsetSamples, blockLength: settings.hop, kernels: mfcc.kernels)
    }
    let blocks = settings.samples(inFrames: windowFrames) / settings.hop
    meter = LevelMeter(
      settings: settings.level, blockLength: settings.hop, capacity: blocks, kernels: mfcc.kernels)
    gain = GainControl(settings: settings.level)
    storage = FeatureStreamStorage(settings: settings, windowFrames: windowFrames)
  }

  /// Takes the next samples (16 kHz, mono) and calls `onFrame` for each frame that they complete.
  package func push(_ samples: UnsafeBufferPointer<Float>, onFrame: (Frame) throws -> Void) rethrows {
    var rest = samples[...]
    while !rest.isEmpty {
      rest = storage.takeBlock(from: rest)
      guard storage.blockIsFull else { return }
      offsetFilter?.filter(storage.newestBlock, count: settings.hop)
      listener?.hear(storage.newestBlock, count: settings.hop)
      meter.push(storage.newestBlock)
      guard let frame = storage.frame else { continue }
      let slot = storage.nextFrameSlot()
      mfcc.process(frame: frame, into: slot)
      let meanSquare = meter.meanSquare(ofLast: settings.frameLength / settings.hop)
      frameCount += 1
      try onFrame(Frame(index: frameCount - 1, coefficients: slot, level: decibels(ofMeanSquare: meanSquare)))
    }
  }

  /// The constant offset that is taken out of the samples, averaged over about 4 s; full scale is 1.
  package var offset: Float { offsetFilter?.offset ?? 0 }

  /// Whether a whole window of frames has been seen.
  package var hasWindow: Bool { frameCount >= windowFrames }

  /// Level in dBFS of the speech in the window that ends with the newest frame. See `LevelMeter` for the cost.
  package func measureLevel() -> Float {
    meter.level(ofLast: settings.samples(inFrames: windowFrames) / settings.hop)
  }

  /// The window that ends with the newest frame. Moves the gain control on: call it once per window that is classified.
  ///
  /// - Parameter firstFrame: the index to give to the stream's first frame, for a stream that goes on where another
  ///   ended.
  package func window(firstFrame: Int = 0) -> FeatureWindow {
    precondition(hasWindow, "a window of \(windowFrames) frames asked of a stream with \(frameCount)")
    let level = measureLevel()
    return FeatureWindow(
      firstFrame: firstFrame + frameCount - windowFrames, frameCount: windowFrames,
      coefficientCount: settings.coefficients,
      coefficients: storage.newestFrames(windowFrames), level: level,
      gainStep: gain.update(level: level))
  }
}
