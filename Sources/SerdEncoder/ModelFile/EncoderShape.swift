/// The sizes of a speech encoder: two convolutions over log-mel frames, then blocks of self-attention and a perceptron.
package struct EncoderShape: Codable, Equatable, Sendable {
  /// Values per token.
  package var width: Int
  /// Heads of the attention.
  package var heads: Int
  /// Blocks after the convolutions.
  package var blocks: Int

  /// Values per log-mel frame.
  package static let bands = LogMel.bands
  /// Frames, and then channels' taps, that a convolution sees.
  static let taps = 3

  package init(width: Int, heads: Int, blocks: Int) {
    self.width = width
    self.heads = heads
    self.blocks = blocks
  }

  /// Whisper base; three of its six blocks are in the file of `tools/make-encoder`.
  package static func base(blocks: Int) -> EncoderShape { EncoderShape(width: 512, heads: 8, blocks: blocks) }

  /// Values per token between the two layers of a block's perceptron.
  package var hidden: Int { 4 * width }
  /// Values per head.
  package var headWidth: Int { width / heads }

  /// Tokens of `frames` frames: the second convolution has stride 2.
  package static func tokens(inFrames frames: Int) -> Int { (frames + 1) / 2 }

  /// Multiply-adds for a window of `frames` frames.
  package func multiplyAdds(frames: Int) -> Int {
    let tokens = Self.tokens(inFrames: frames)
    let convolutions = frames * width * Self.taps * Self.bands + tokens * width * Self.taps * width
    let perToken = 4 * width * width + 2 * width * hidden + 2 * tokens * width
    return convolutions + blocks * tokens * perToken
  }

  /// What is wrong with these sizes, or nil. For values that come from a file.
  package func defect() -> String? {
    // Kernels take whole vectors of sixteen.
    guard (16...1024).contains(width), (1...64).contains(heads), width % (16 * heads) == 0 else {
      return "a width of \(width) in \(heads) heads; each head needs a multiple of 16"
    }
    guard (1...32).contains(blocks) else { return "\(blocks) blocks" }
    return nil
  }
}
