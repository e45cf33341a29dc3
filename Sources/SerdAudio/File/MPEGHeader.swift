/// The header of a frame of MPEG audio (MP3), and where recordings begin that are joined in one file.
package struct MPEGHeader: Equatable {
  /// Of the whole frame.
  package let byteCount: Int
  private let version: UInt8
  private let layer: UInt8
  private let rate: UInt8
  private let isMono: Bool

  static let byteCount = 4

  /// From the first bytes of a frame; nil if they are none, or of a bit rate of its maker's own.
  package init?(_ bytes: some RandomAccessCollection<UInt8>) {
    guard bytes.count >= 4 else { return nil }
    let word = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    version = UInt8(word >> 19 & 3)
    layer = UInt8(word >> 17 & 3)
    rate = UInt8(word >> 10 & 3)
    isMono = word >> 6 & 3 == 3
    let bits = Int(word >> 12 & 15)
    guard word >> 21 == 0x7FF, version != 1, layer != 0, rate != 3, bits != 0, bits != 15 else { return nil }
    let isFirst = version == 3
    let row = layer == 3 ? (isFirst ? 0 : 3) : isFirst ? (layer == 2 ? 1 : 2) : 4
    let hertz = [44_100, 48_000, 32_000][Int(rate)] >> (isFirst ? 0 : version == 2 ? 1 : 2)
    let padding = Int(word >> 9 & 1)
    let bitsPerSecond = MPEGHeader.kilobits[row][bits] * 1000
    byteCount =
      layer == 3
      ? (12 * bitsPerSecond / hertz + padding) * 4
      : (layer == 1 && !isFirst ? 72 : 144) * bitsPerSecond / hertz + padding
  }

  /// By layer I, II and III of version 1, then layer I and the others of version 2.
  private static let kilobits = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ]

  /// Whether both may be frames of the same recording.
  func agrees(with other: MPEGHeader) -> Bool {
    version == other.version && layer == other.layer && rate == other.rate
  }

  /// Where the tag "Xing" or "Info" would be, which says how long the recording is and stands in its first frame.
  private var tagPlace: Int { version == 3 ? (isMono ? 21 : 36) : (isMono ? 13 : 21) }

  /// Whether the frame at the start of these bytes has such a tag; the bytes between are zero then.
  package func isTagged(_ bytes: ArraySlice<UInt8>) -> Bool {
    let tag = bytes.dropFirst(tagPlace).prefix(4)
    return (tag.elementsEqual("Xing".utf8) || tag.elementsEqual("Info".utf8))
      && bytes.dropFirst(4).prefix(tagPlace - 4).allSatisfy { $0 == 0 }
  }
}
