/// The pointers of a `FeatureStream`: the samples of the newest frame and the frames of the newest window.
///
/// Both are kept contiguous by moving their content to the front when the buffer is full, once per `spare` pushes.
final class FeatureStreamStorage {
  private let hop: Int
  private let frameLength: Int
  private let coefficients: Int
  private let windowFrames: Int
  /// Blocks or frames that fit beyond what must be kept: moving is rare.
  private static let spare = 64

  private let samples: UnsafeMutableBufferPointer<Float>
  /// Samples in use, from the start of `samples`; the last frameLength of them make the newest frame.
  private var sampleCount = 0
  /// Samples of the block that is being filled.
  private var partial = 0
  private let frames: UnsafeMutableBufferPointer<Float>
  private var frameSlot = 0

  init(settings: FrontEndSettings, windowFrames: Int) {
    hop = settings.hop
    frameLength = settings.frameLength
    coefficients = settings.coefficients
    self.windowFrames = windowFrames
    samples = .allocate(capacity: frameLength + Self.spare * hop)
    samples.initialize(repeating: 0)
    frames = .allocate(capacity: (windowFrames + Self.spare) * coefficients)
    frames.initialize(repeating: 0)
  }

  deinit {
    samples.deallocate()
    frames.deallocate()
  }

  var blockIsFull: Bool { partial == 0 }
  var newestBlock: UnsafeMutablePointer<Float> { samples.baseAddress! + sampleCount - hop }
  /// The newest `frameLength` samples, once there are so many.
  var frame: UnsafePointer<Float>? {
    sampleCount >= frameLength ? UnsafePointer(samples.baseAddress! + sampleCount - frameLength) : nil
  }

  /// Copies samples until the block is full or they run out; returns what is left.
  func takeBlock(from source: Slice<UnsafeBufferPointer<Float>>) -> Slice<UnsafeBufferPointer<Float>> {
    if partial == 0, sampleCount + hop > samples.count {
      let keep = frameLength - hop
      samples.baseAddress!.update(from: samples.baseAddress! + sampleCount - keep, count: keep)
      sampleCount = keep
    }
    let count = min(hop - partial, source.count)
    let start = source.base.baseAddress! + source.startIndex
    (samples.baseAddress! + sampleCount).update(from: start, count: count)
    sampleCount += count
    partial = (partial + count) % hop
    return source.dropFirst(count)
  }

  /// Where the next frame is to be written.
  func nextFrameSlot() -> UnsafeMutablePointer<Float> {
    if (frameSlot + 1) * coefficients > frames.count {
      let keep = windowFrames - 1
      frames.baseAddress!.update(
        from: frames.baseAddress! + (frameSlot - keep) * coefficients, count: keep * coefficients)
      frameSlot = keep
    }
    frameSlot += 1
    return frames.baseAddress! + (frameSlot - 1) * coefficients
  }

  /// The newest `count` frames.
  func newestFrames(_ count: Int) -> UnsafePointer<Float> {
    UnsafePointer(frames.baseAddress! + (frameSlot - count) * coefficients)
  }
}
