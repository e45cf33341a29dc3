import SerdSystem

/// The start of a chunk of a RIFF file: a name of four characters and a size.
struct RIFFChunk {
  let name: String
  let size: Int

  /// nil at the end of the input, or where there is no name.
  init?(_ input: InputFile, at place: Int, _ isBigEndian: Bool) throws(Errno) {
    let start = try input.look(at: place, 8)
    guard start.count == 8, start[..<4].allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
    name = String(decoding: start[..<4], as: UTF8.self)
    size = Bytes(start).number(4, at: 4, isBigEndian)
  }

  var isKnown: Bool { RIFFChunk.isKnown(name.utf8) }

  /// Whether these four bytes name a chunk that follows samples in some file, or begin a tag that is put there: not
  /// sound.
  static func isKnown(_ name: some Sequence<UInt8>) -> Bool {
    let text = String(decoding: Array(name), as: UTF8.self)
    return names.contains(text) || ["ID3", "TAG"].contains { text.hasPrefix($0) }
  }

  private static let names: Set<String> = [
    "LIST", "INFO", "id3 ", "ID3 ", "bext", "iXML", "JUNK", "junk", "PAD ", "FLLR", "cue ", "smpl", "inst", "fact",
    "PEAK",
    "plst", "adtl", "labl", "note", "ltxt", "DISP", "acid", "strc", "afsp", "cart", "levl", "chna", "axml", "aXML",
    "dbmd",
    "minf", "elm1", "regn", "umid", "SAUR", "_PMX", "slnt", "data", "fmt ", "ds64", "LGWV", "Cr8r", "tlst", "MARK",
    "qlty",
    "sMED", "RIFF", "RIFX", "RF64", "APET", "logs", "time", "wamd", "guan",
  ]
}

/// Numbers in a file's bytes. A place beyond the end holds zero.
struct Bytes {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// `count` bytes, as a number without a sign; one of eight bytes that is too large is negative.
  func number(_ count: Int, at place: Int, _ isBigEndian: Bool) -> Int {
    var value: UInt64 = 0
    for index in 0..<count {
      let here = place + (isBigEndian ? index : count - 1 - index)
      value = value << 8 | UInt64(bytes.indices.contains(here) ? bytes[here] : 0)
    }
    return Int(truncatingIfNeeded: value)
  }

  /// A number as bytes, the lowest first.
  static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }
}
