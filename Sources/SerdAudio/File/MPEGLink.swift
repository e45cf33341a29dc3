import SerdSystem

/// One of the recordings that an MP3 file may hold, joined one behind the other: each can begin with a tag (ID3), and
/// with a frame that says how long the recording is (Xing, Info). A decoder that believes the first ends after it.
struct MPEGLink {
  let range: Range<Int>

  /// The bytes of the longest frame, and of the longest tag that is looked for.
  private static let longestFrame = 4096
  /// Junk before the first frame, as in a broadcast that is cut anywhere.
  private static let longestJunk = 1 << 13

  /// The recording at a place of a file; nil if no chain of frames begins there.
  init?(_ input: InputFile, at start: Int) throws(Errno) {
    guard let size = input.size else { return nil }
    try self.init(input, start..<size)
  }

  /// The first recording in a part of a file.
  init?(_ input: InputFile, _ part: Range<Int>) throws(Errno) {
    let start = try MPEGLink.afterTags(input, at: part.lowerBound)
    guard let first = try MPEGLink.firstFrame(input, from: start, before: part.upperBound) else { return nil }
    range = first..<(try MPEGLink.nextStart(input, after: first, before: part.upperBound))
  }

  /// Behind the ID3v2 tags at a place.
  static func afterTags(_ input: InputFile, at start: Int) throws(Errno) -> Int {
    var place = start
    while let length = tagLength(try input.look(at: place, 10)[...]) { place += length }
    return place
  }

  /// The length of an ID3v2 tag, whose size has seven bits in each byte.
  private static func tagLength(_ bytes: ArraySlice<UInt8>) -> Int? {
    let tag = Array(bytes.prefix(10))
    guard tag.count == 10, tag[..<3].elementsEqual("ID3".utf8), (2...4).contains(tag[3]), tag[4] < 0xFF,
      tag[6...].allSatisfy({ $0 < 0x80 })
    else { return nil }
    return 10 + tag[6...].reduce(0) { $0 << 7 | Int($1) } + (tag[5] & 0x10 != 0 ? 10 : 0)
  }

  /// Where three frames follow each other, or as many as there are.
  private static func firstFrame(_ input: InputFile, from start: Int, before end: Int) throws(Errno) -> Int? {
    let junk = try input.look(at: start, min(longestJunk, max(0, end - start)))
    for offset in junk.indices.dropLast(3) where junk[offset] == 0xFF {
      guard let first = MPEGHeader(junk[offset...]) else { continue }
      var place = start + offset + first.byteCount
      var isChain = true
      for _ in 0..<2 where isChain && place + MPEGHeader.byteCount <= end {
        guard let next = MPEGHeader(try input.look(at: place, MPEGHeader.byteCount)), next.agrees(with: first) else {
          isChain = false
          break
        }
        place += next.byteCount
      }
      if isChain, place > start + offset + first.byteCount || place == end { return start + offset }
    }
    return nil
  }

  /// Where the next recording begins, or the end.
  private static func nextStart(_ input: InputFile, after first: Int, before end: Int) throws(Errno) -> Int {
    let blockSize = 1 << 16
    var place = first + 1
    while place < end {
      let block = try input.look(at: place, min(blockSize + longestFrame, end - place))
      if let found = start(in: block, upTo: blockSize) { return place + found }
      place += blockSize
    }
    return end
  }

  private static func start(in block: [UInt8], upTo limit: Int) -> Int? {
    for offset in 0..<min(limit, block.count) {
      switch block[offset] {
      case 0x49 where tagLength(block[offset...]) != nil: return offset
      case 0xFF where MPEGHeader(block[offset...])?.isTagged(block[offset...]) == true: return offset
      default: break
      }
    }
    return nil
  }
}
