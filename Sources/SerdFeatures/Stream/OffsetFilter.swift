import Glibc

/// Takes a constant offset out of the samples, in front of level, gate and coefficients: y = x - m, where m follows the
/// samples with a memory of `FrontEndSettings.offsetMemory` samples. A high pass of first order: 3 dB at 5 Hz, 0.07 dB
/// at 40 Hz.
///
/// Converters of I2S and PDM microphones and cheap USB sound have an offset of up to 5 % of full scale. A window leaks
/// it over the whole spectrum, and the gate takes it for a loud room.
///
/// No allocation after `init`. Cost: about 0.1 µs per block of 256 samples.
struct OffsetFilter {
  /// What is taken for constant at the newest block, averaged over about 4 s, or what there was; full scale is 1.
  private(set) var offset: Float = 0
  /// After the newest sample; nil before the first one.
  private var mean: Float?
  private let kernels: FrontEndKernels
  /// (1 - 1/memory)^k for k = 0...16.
  private let decays: [Float]
  /// The share that a block has in `offset`.
  private let share: Float
  private var blocks: Float = 0

  init(memory: Int, blockLength: Int, kernels: FrontEndKernels) {
    self.kernels = kernels
    decays = (0...16).map { Float(pow(1 - 1 / Double(memory), Double($0))) }
    share = Float(min(1, Double(blockLength) / 65536))
  }

  /// Takes it out of the next `count` samples, a multiple of 16, in place. What is known at the start of a stream is
  /// the first block's mean.
  mutating func filter(_ block: UnsafeMutablePointer<Float>, count: Int) {
    let before: Float
    if let mean {
      before = mean
    } else {
      before = UnsafeBufferPointer(start: block, count: count).reduce(0, +) / Float(count)
      offset = before
    }
    let after = kernels.table.constant_removed(block, Int32(count), before, decays)
    mean = after
    // At first the mean of all: one block of speech is no offset.
    blocks = min(blocks + 1, 65536)
    offset += max(share, 1 / blocks) * (after - offset)
  }
}
