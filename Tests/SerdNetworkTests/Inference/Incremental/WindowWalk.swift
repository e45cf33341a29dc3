import SerdFeatures
import SerdNetwork
import SerdTestKit

/// A walk of windows along a stream of random frames, with what gates, gain control and other recordings do to it.
struct WindowWalk {
  private let windowFrames: Int
  private let stride: Int
  private var generator: TestGenerator
  private var frames: [Float]
  private var first = 0
  private var gainStep = 0

  /// Windows of a model, in a stream of `length` frames.
  init(model: QuantisedModel, seed: UInt64, length: Int) {
    windowFrames = model.description.windowFrames
    stride = model.description.rowReuse.last!.stride
    generator = TestGenerator(seed: seed)
    frames = Array(repeating: 0, count: length * 40)
    changeFrames()
  }

  private mutating func changeFrames() {
    for i in frames.indices { frames[i] = Float.random(in: -12...12, using: &generator) }
  }

  /// The next window, and how far it slid over frames that stay the same; nil if none do.
  mutating func step(_ body: (FeatureWindow, Int?) -> Void) {
    let (before, gainBefore) = (first, gainStep)
    var isOther = false
    switch Int.random(in: 0..<20, using: &generator) {
    case 0: gainStep += Bool.random(using: &generator) ? 1 : -1
    case 1: first += Int.random(in: 1...stride, using: &generator) - 1  // mostly between strides
    case 2: first -= stride * Int.random(in: 1...2, using: &generator)  // backwards
    case 3: first += windowFrames  // beyond the window
    case 4, 5, 6: first += stride * Int.random(in: 2...4, using: &generator)  // hops that were gated off
    case 7: break  // the same window again
    case 8:  // another recording: other frames under the next numbers
      changeFrames()
      (first, isOther) = (first + stride, true)
    case 9:  // one frame differs, in what would be kept
      frames[(first + stride) * 40 + Int.random(in: 0..<40, using: &generator)] += 1
      (first, isOther) = (first + stride, windowFrames > stride)
    default: first += stride
    }
    if first < 0 || (first + windowFrames + stride) * 40 > frames.count { first = 0 }
    let moved = first - before
    let keeps = !isOther && gainStep == gainBefore && moved % stride == 0
    let slid = keeps && (0..<windowFrames).contains(moved) ? moved : nil
    frames.withUnsafeBufferPointer { frames in
      body(
        FeatureWindow(
          firstFrame: first, frameCount: windowFrames, coefficientCount: 40,
          coefficients: frames.baseAddress! + first * 40, level: -20, gainStep: gainStep), slid)
    }
  }
}
