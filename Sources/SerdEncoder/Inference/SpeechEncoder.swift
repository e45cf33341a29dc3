/// From a window's log-mel frames to what a head classifies: for each block, the mean of each of the token's values
/// over time, then their deviations.
///
/// One object serves one thread; several may run at once.
package protocol SpeechEncoder: AnyObject {
  var shape: EncoderShape { get }

  /// Writes `shape.pooledCount` values.
  ///
  /// - Parameters:
  ///   - frames: `count` frames of `LogMel`, as it wrote them; two or more.
  ///   - offset: added to each of their values first: 2 · log10 of a gain.
  func pool(_ frames: UnsafePointer<Float>, count: Int, offset: Float, into features: UnsafeMutablePointer<Float>)
}

extension EncoderShape {
  /// Values that `SpeechEncoder.pool` writes: per block, `width` means and `width` deviations.
  package var pooledCount: Int { blocks * 2 * width }
}

extension SpeechEncoder {
  /// The pooled features of frames of `LogMel`.
  package func pooled(_ frames: [Float], offset: Float = 0) -> [Float] {
    precondition(frames.count % EncoderShape.bands == 0 && frames.count >= 2 * EncoderShape.bands)
    return frames.withUnsafeBufferPointer { frames in
      Array(unsafeUninitializedCapacity: shape.pooledCount) { features, initialized in
        pool(
          frames.baseAddress!, count: frames.count / EncoderShape.bands, offset: offset, into: features.baseAddress!)
        initialized = shape.pooledCount
      }
    }
  }
}
