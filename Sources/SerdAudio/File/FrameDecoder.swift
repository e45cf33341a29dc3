/// Sound of one part of a file as it comes out of a decoder: interleaved frames at the part's own rate.
protocol FrameDecoder: AnyObject {
  var native: NativeFormat { get }
  /// Frames (samples of one channel) as far as known before reading: a stream may have any number.
  var frames: Int? { get }
  /// What was wrong with the encoded data first, in the decoder's words.
  var problem: String? { get }

  /// Fills `block` with whole frames; returns how many, 0 at the end.
  func read(into block: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int
}
