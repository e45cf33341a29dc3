import SerdSystem

/// What libsndfile refuses in the headers of Apple's CAF that other programs write, put right.
enum CAFHeader {
  /// What the decoder shall read of a CAF file; nil where nothing is to be put right.
  ///
  /// - A size of -1 means "to the end of the file", as the format allows: ffmpeg writes that to a pipe.
  /// - In ALAC the format's flags say how many bits a sample has. ffmpeg leaves them at zero; the codec's own
  ///   description knows.
  static func corrected(_ input: InputFile) throws(Errno) -> SoundBytes? {
    guard let size = input.size, try input.look(at: 0, 4).elementsEqual("caff".utf8) else { return nil }
    var place = 8
    var bits = 0
    var isALAC = false
    var isOpen = false
    var dataStart: Int?
    while place + 12 <= size {
      let chunk = try input.look(at: place, 12)
      let name = String(decoding: chunk[..<4], as: UTF8.self)
      let length = Bytes(chunk).number(8, at: 4, true)
      if name == "desc" {
        let description = try input.look(at: place + 12, 16)
        isALAC =
          description.dropFirst(8).prefix(4).elementsEqual("alac".utf8)
          && Bytes(description).number(4, at: 12, true) == 0
      }
      if name == "kuki", (0...4096).contains(length) { bits = sampleBits(try input.look(at: place + 12, length)) }
      if name == "data" {
        dataStart = place + 12
        isOpen = length == -1
      }
      guard length >= 0, length <= size - place - 12 else { break }
      place += 12 + length
    }
    let flags = [16: 1, 20: 2, 24: 3, 32: 4][bits]
    guard let dataStart, dataStart <= 1 << 20, isOpen || isALAC && flags != nil else { return nil }
    var header = try input.look(at: 0, dataStart)
    if isOpen {
      header.replaceSubrange(header.count - 8..<header.count, with: Bytes.little(size - dataStart, 8).reversed())
    }
    // The description is the first chunk, and its flags are behind rate and name.
    if isALAC, let flags { header.replaceSubrange(32..<36, with: Bytes.little(flags, 4).reversed()) }
    return SoundBytes(input, header: header, body: dataStart..<size)
  }

  /// Of ALAC's description, behind the atoms "frma" and "alac" that it may be wrapped in.
  private static func sampleBits(_ cookie: [UInt8]) -> Int {
    var rest = cookie[...]
    if rest.dropFirst(4).starts(with: "frma".utf8) { rest = rest.dropFirst(12) }
    if rest.dropFirst(4).starts(with: "alac".utf8) { rest = rest.dropFirst(12) }
    return Int(rest.dropFirst(5).first ?? 0)
  }
}
