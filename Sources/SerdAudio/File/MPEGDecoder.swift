import CMPG123
import SerdSystem

/// Sound of an MP3 as libmpg123 decodes it, to the last frame that is there.
final class MPEGDecoder: FrameDecoder {
  let native: NativeFormat
  /// By the first frame's tag (Xing, Info); nil where there is none, since nobody knows then.
  let frames: Int?
  private(set) var problem: String?

  private let library: MPEGLibrary
  private let handle: OpaquePointer
  private let bytes: SoundBytes
  /// Encoded bytes that the decoder is given at once.
  private var encoded = [UInt8](repeating: 0, count: 1 << 14)
  private var isOver = false

  init(_ bytes: SoundBytes) throws(AudioError) {
    let library = try MPEGLibrary.loaded()
    let place = bytes.input.place
    guard let handle = library.new(nil, nil) else {
      throw AudioError(
        .internal, at: place, "the decoder of MP3 cannot be made", advice: "free some memory and try again")
    }
    let flags = Int(MPG123_QUIET.rawValue | MPG123_FORCE_FLOAT.rawValue | MPG123_GAPLESS.rawValue)
    _ = library.parameter(handle, MPG123_ADD_FLAGS.rawValue, flags, 0)
    // Over damage of any length.
    _ = library.parameter(handle, MPG123_RESYNC_LIMIT.rawValue, -1, 0)
    _ = library.openFeed(handle)
    self.library = library
    self.handle = handle
    self.bytes = bytes
    // Until the decoder has seen a frame it tells no format.
    var result = MPG123_NEED_MORE.rawValue
    while result == MPG123_NEED_MORE.rawValue {
      let count = encoded.withUnsafeMutableBytes { bytes.read(into: $0) }
      if count == 0 { break }
      var written = 0
      result = encoded.withUnsafeBytes { library.decode(handle, $0.baseAddress, count, nil, 0, &written) }
    }
    var (rate, channels, encoding) = (0, Int32(0), Int32(0))
    let hasFormat = library.format(handle, &rate, &channels, &encoding) == MPG123_OK.rawValue
    let length = library.length(handle)
    guard hasFormat, encoding == Int32(MPG123_ENC_FLOAT_32.rawValue), channels > 0, SampleRate.accepted.contains(rate)
    else {
      library.delete(handle)
      if let error = bytes.failure { throw AudioError.opening(place, error) }
      throw AudioError(.badData, at: place, "holds no MP3 that can be decoded", advice: "record or copy it again")
    }
    native = NativeFormat(sampleRate: rate, channels: Int(channels), name: "MPEG-1/2 Audio, MPEG Layer III")
    frames = length > 0 ? length : nil
  }

  deinit { library.delete(handle) }

  func read(into block: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
    let wanted = block.count / native.channels * native.channels * MemoryLayout<Float>.stride
    let target = UnsafeMutableRawPointer(block.baseAddress)
    var filled = 0
    var count = 0
    while filled < wanted, !isOver {
      var written = 0
      let result = encoded.withUnsafeBytes {
        library.decode(
          handle, count > 0 ? $0.baseAddress : nil, count, target?.advanced(by: filled), wanted - filled, &written)
      }
      filled += written
      count = 0
      switch result {
      case MPG123_OK.rawValue: break
      case MPG123_NEW_FORMAT.rawValue: isOver = try isOtherFormat()
      case MPG123_NEED_MORE.rawValue:
        count = encoded.withUnsafeMutableBytes { bytes.read(into: $0) }
        if let error = bytes.failure { throw AudioError.opening(bytes.input.place, error) }
        isOver = count == 0
      default:
        problem = String(cString: library.errorText(handle))
        isOver = true
      }
    }
    return filled / (native.channels * MemoryLayout<Float>.stride)
  }

  /// Whether what comes has another rate or number of channels, without a beginning of its own: that is not followed.
  private func isOtherFormat() throws(AudioError) -> Bool {
    var (rate, channels, encoding) = (0, Int32(0), Int32(0))
    _ = library.format(handle, &rate, &channels, &encoding)
    guard rate != native.sampleRate || Int(channels) != native.channels else { return false }
    problem = "from there on it has \(rate) Hz and \(channels) channel\(channels == 1 ? "" : "s")"
    return true
  }
}
