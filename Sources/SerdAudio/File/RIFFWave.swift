import SerdSystem

/// Where the sound of a WAV file is: RIFF, RIFX (big-endian) and RF64 or BW64 (more than 4 GiB).
///
/// Headers are written before the length is known, and filled in at the end: who writes to a pipe cannot, and who loses
/// power did not. So what a header says of the length is compared with what is there. libsndfile is then given a header
/// that is right, whatever chunks the file has besides.
struct RIFFWave {
  private let isBigEndian: Bool
  /// The content of the chunk "fmt ".
  private let format: [UInt8]
  /// The content of the chunk "fact": how many frames compressed sound has.
  private let fact: [UInt8]?
  /// Where the samples begin.
  let dataStart: Int
  /// Where they end by the header; nil where it was left open on purpose.
  let statedEnd: Int?

  /// Sizes from here on were never filled in: who writes to a pipe puts 2 GiB (arecord), a little less (sox) or 4 GiB
  /// (ffmpeg).
  private static let placeholder = 0x7FFF_F000
  /// The largest size that 32 bits hold together with a header: 4 GiB, 37 hours of 16 kHz.
  private static let largestSize = 0xFFFF_FF00
  /// More than so many bytes before the samples are no header.
  private static let longestHeader = 1 << 24

  /// nil if the input is no WAV file, or one without samples: libsndfile then says what is wrong with it.
  init?(_ input: InputFile, at start: Int) throws(Errno) {
    let opening = try input.look(at: start, 12)
    guard opening.count == 12, opening[8...].elementsEqual("WAVE".utf8) else { return nil }
    let kind = String(decoding: opening[..<4], as: UTF8.self)
    guard ["RIFF", "RIFX", "RF64", "BW64"].contains(kind) else { return nil }
    isBigEndian = kind == "RIFX"
    var format: [UInt8]?
    var fact: [UInt8]?
    var wideSize: Int?
    var place = start + 12
    while true {
      guard let chunk = try RIFFChunk(input, at: place, isBigEndian) else { return nil }
      let content = place + 8
      switch chunk.name {
      case "ds64": wideSize = Bytes(try input.look(at: content, 16)).number(8, at: 8, false)
      case "fmt " where chunk.size <= 1024: format = try input.look(at: content, chunk.size)
      case "fact" where chunk.size <= 64: fact = try input.look(at: content, chunk.size)
      case "data":
        guard let format, format.count >= 16 else { return nil }
        self.format = format
        self.fact = fact
        dataStart = content
        // A size of 64 bits counts where the other is all ones; zero was never filled in.
        let size = kind.hasSuffix("64") && chunk.size == 0xFFFF_FFFF ? wideSize ?? 0 : chunk.size
        let isOpen = size >= Self.placeholder && !kind.hasSuffix("64")
        let isEndless = size < 0 || size > SoundBytes.endless
        statedEnd = isEndless || isOpen && input.size.map { content + size > $0 } ?? true ? nil : content + size
        return
      default: break
      }
      // Chunks begin at even places, but some programs do not know that.
      let next = content + chunk.size
      guard next < start + Self.longestHeader else { return nil }
      var isPadded = chunk.size % 2 == 1
      if isPadded, let follower = try RIFFChunk(input, at: next, isBigEndian), follower.isKnown { isPadded = false }
      place = isPadded ? next + 1 : next
    }
  }

  /// The format's number: 0x55 is MP3.
  var encoding: Int { Bytes(format).number(2, at: 0, isBigEndian) }

  /// Whether every sample stands for itself. Of compressed sound libsndfile must know where it ends.
  var isPlain: Bool { [1, 3, 6, 7, 0xFFFE].contains(encoding) }

  /// Bytes of one frame, or of a block of compressed sound.
  var blockSize: Int { max(1, Bytes(format).number(2, at: 12, isBigEndian)) }

  /// What the decoder shall read: a file that ends before its header says so keeps what is there, and one whose header
  /// was never finished is read to its end.
  func bytes(of input: InputFile) throws(Errno) -> SoundBytes {
    var end = dataStart + Self.largestSize
    if let size = input.size {
      let stated = min(statedEnd ?? size, size)
      end = try RIFFWave.isOver(input, at: stated) ? stated : size
    }
    let container = try isBigEndian ? nil : FourByteSamples(format, in: input, at: dataStart)
    let header = header(container?.format ?? format, dataSize: end - dataStart, isComplete: statedEnd == end)
    return SoundBytes(
      input, header: header + (container?.lead ?? []),
      body: dataStart..<max(dataStart, end - (container?.lead.count ?? 0)),
      statedEnd: input.isStream ? statedEnd : nil)
  }

  /// Whether sound ends at a place where a header says so: with the file, with another chunk, or with padding. Else the
  /// header is of an earlier time, and the recording was never finished.
  static func isOver(_ input: InputFile, at place: Int) throws(Errno) -> Bool {
    let next = try input.look(at: place, 9)
    if next.count < 8 { return true }
    if RIFFChunk.isKnown(next[..<4]) || RIFFChunk.isKnown(next[1..<5]) { return true }
    // Of a stream no more is waited for than padding may be.
    let longest = input.isStream ? 1 << 12 : 1 << 16
    let tail = try input.look(at: place, longest)
    return tail.count < longest && tail.allSatisfy { $0 == tail[0] }
  }

  /// A header for so many bytes of samples: with more than 4 GiB that of RF64.
  private func header(_ format: [UInt8], dataSize: Int, isComplete: Bool) -> [UInt8] {
    let fact = isComplete ? fact.map { named("fact", $0) } : nil
    let chunks = named("fmt ", format) + (fact ?? []) + Array("data".utf8)
    let isWide = dataSize > Self.largestSize && !isBigEndian
    guard isWide else {
      let size = min(dataSize, Self.largestSize)
      return Array((isBigEndian ? "RIFX" : "RIFF").utf8) + number(min(size + chunks.count + 8, 0xFFFF_FFFF))
        + Array("WAVE".utf8) + chunks + number(size)
    }
    let sizes = Bytes.little(dataSize + chunks.count + 44, 8) + Bytes.little(dataSize, 8) + Bytes.little(0, 12)
    return Array("RF64".utf8) + number(0xFFFF_FFFF) + Array("WAVE".utf8) + named("ds64", sizes) + chunks
      + number(0xFFFF_FFFF)
  }

  private func named(_ name: String, _ content: [UInt8]) -> [UInt8] {
    Array(name.utf8) + number(content.count) + content + (content.count % 2 == 1 ? [0] : [])
  }

  private func number(_ value: Int) -> [UInt8] {
    let bytes = Bytes.little(value, 4)
    return isBigEndian ? bytes.reversed() : bytes
  }
}
