import SerdFeatures
import SerdNetwork

/// The log-mel frames of a stream: those of the newest window are at hand in one block. It hears the blocks of a
/// `FeatureStream`, so both front ends see the same samples.
///
/// No allocation after `init`. Not safe to share between threads.
package final class LogMelStream: BlockListener {
  /// Samples heard since the start.
  private(set) var sampleCount = 0

  private let mel: LogMel
  private let windowSamples: Int
  /// Most frames that lie within a window.
  private let windowFrames: Int
  /// Values beyond what must be kept: moving is rare.
  private static let spareFrames = 64
  private static let spareSamples = 1 << 12

  private let samples: AlignedMemory
  private let sampleCapacity: Int
  /// Samples in `samples`; the first belongs to frame `frameCount`.
  private var waiting = 0
  private let frames: AlignedMemory
  private let frameCapacity: Int
  private var slots = 0
  /// Frames since the start.
  private var frameCount = 0

  /// - Parameter windowSamples: samples of a window.
  package init(windowSamples: Int, transform: TransformKind = .default) {
    mel = LogMel(transform: transform)
    self.windowSamples = windowSamples
    windowFrames = LogMel.frames(inSamples: windowSamples)
    sampleCapacity = LogMel.frameLength + Self.spareSamples
    samples = AlignedMemory(byteCount: sampleCapacity * MemoryLayout<Float>.stride)
    frameCapacity = windowFrames + Self.spareFrames
    frames = AlignedMemory(byteCount: frameCapacity * LogMel.bands * MemoryLayout<Float>.stride)
  }

  /// Begins anew: no window will reach across.
  package func restart() { (sampleCount, waiting, slots, frameCount) = (0, 0, 0, 0) }

  package func hear(_ block: UnsafePointer<Float>, count: Int) {
    precondition(count <= Self.spareSamples)
    let buffer = samples.values(Float.self)
    (buffer + waiting).update(from: block, count: count)
    waiting += count
    sampleCount += count
    var start = 0
    while waiting - start >= LogMel.frameLength {
      mel.process(frame: buffer + start, into: nextSlot())
      frameCount += 1
      start += LogMel.hop
    }
    waiting -= start
    buffer.update(from: buffer + start, count: waiting)
  }

  /// The frames that lie within the newest window: 198 of 2 s, one less where the window begins between two.
  package var window: FeatureWindow.LogMelFrames {
    let start = sampleCount - windowSamples
    precondition(start >= 0, "a window asked of a stream of \(sampleCount) samples")
    let count = frameCount - (start + LogMel.hop - 1) / LogMel.hop
    return FeatureWindow.LogMelFrames(
      values: UnsafePointer(frames.values(Float.self) + (slots - count) * LogMel.bands), count: count)
  }

  private func nextSlot() -> UnsafeMutablePointer<Float> {
    let frames = frames.values(Float.self)
    if slots == frameCapacity {
      let kept = windowFrames - 1
      frames.update(from: frames + (slots - kept) * LogMel.bands, count: kept * LogMel.bands)
      slots = kept
    }
    slots += 1
    return frames + (slots - 1) * LogMel.bands
  }
}
