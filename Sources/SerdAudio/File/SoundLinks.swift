import SerdSystem

/// The parts of a file that are decoded one after the other: most have one, joined MP3s and chained Ogg have several.
struct SoundLinks {
  private let input: InputFile
  private var state: State
  /// The header of a WAV file, which says how much sound there should be.
  private(set) var wave: RIFFWave?
  /// Whether a part has no end of its own.
  private(set) var isUnended = false
  /// Pages that are missing in all of them.
  private var missingPages = 0

  private enum State {
    /// One part, which these bytes are.
    case whole(SoundBytes)
    /// MP3 at a place of a part of the file.
    case mpeg(Int, end: Int)
    case ogg(Int)
    case over
  }

  /// Looks at the first bytes of an input, and decides by them.
  init(_ input: InputFile) throws(AudioError) {
    do throws(Errno) {
      try self.init(lookingAt: input)
    } catch {
      throw AudioError.opening(input.place, error)
    }
  }

  private init(lookingAt given: InputFile) throws(Errno) {
    var input = given
    // Tags of MP3 stand before other formats, too.
    let start = try input.size.map { (size) throws(Errno) in min(size, try MPEGLink.afterTags(input, at: 0)) } ?? 0
    if var wave = try RIFFWave(input, at: start) {
      if input.isStream, !wave.isPlain {
        input = try input.copiedToMemory()
        wave = try RIFFWave(input, at: start) ?? wave
      }
      self.wave = wave
      let bytes = try wave.bytes(of: input)
      // libsndfile looks at the first samples before it reads them.
      if input.isStream { _ = try input.look(at: bytes.body.lowerBound, 4) }
      state =
        wave.encoding == 0x55
        ? .mpeg(bytes.body.lowerBound, end: bytes.body.upperBound) : .whole(bytes)
      self.input = input
      return
    }
    if input.isStream {
      let start = try input.look(at: 0, 8)
      if start.starts(with: ".snd".utf8) {
        let dataStart = min(max(24, Bytes(start).number(4, at: 4, true)), 1 << 16)
        let header = try input.look(at: 0, dataStart)
        state = .whole(SoundBytes(input, header: header, body: dataStart..<dataStart + SoundBytes.endless))
        self.input = input
        return
      }
      input = try input.copiedToMemory()
    }
    self.input = input
    let size = input.size ?? 0
    if try input.look(at: start, 4).elementsEqual("OggS".utf8) {
      state = .ogg(start)
    } else if let bytes = try CAFHeader.corrected(input) {
      state = .whole(bytes)
    } else if try !SoundLinks.isOther(input.look(at: start, 4)), try MPEGLink(input, start..<size) != nil {
      state = .mpeg(start, end: size)
    } else {
      state = .whole(SoundBytes(input, body: start..<max(start, size)))
    }
  }

  /// Whether a file begins as one of libsndfile's that may have anything in it.
  private static func isOther(_ start: [UInt8]) -> Bool {
    ["fLaC", "FORM", "caff", "RIFF", "riff", ".snd", "NIST"].contains { start.elementsEqual($0.utf8) }
  }

  /// What is missing in the middle, in words.
  var missing: String? {
    missingPages == 0 ? nil : missingPages == 1 ? "1 page is missing" : "\(missingPages) pages are missing"
  }

  /// Whether there is one part alone, which was taken.
  var isSingle: Bool { if case .over = state { true } else { false } }

  /// The next part, opened; nil at the end.
  mutating func next() throws(AudioError) -> (decoder: any FrameDecoder, bytes: SoundBytes)? {
    let part: (bytes: SoundBytes, isMPEG: Bool)?
    do throws(Errno) {
      part = try nextPart()
    } catch {
      throw AudioError.opening(input.place, error)
    }
    guard let (bytes, isMPEG) = part else { return nil }
    return (isMPEG ? try MPEGDecoder(bytes) : try SoundFileDecoder(bytes), bytes)
  }

  private mutating func nextPart() throws(Errno) -> (bytes: SoundBytes, isMPEG: Bool)? {
    switch state {
    case .whole(let bytes):
      state = .over
      return (bytes, false)
    case .mpeg(let start, let end):
      guard let link = try MPEGLink(input, start..<end) else { break }
      state = .mpeg(link.range.upperBound, end: end)
      return (SoundBytes(input, body: link.range), true)
    case .ogg(let start):
      guard let link = try OggLink(input, at: start) else { break }
      state = try link.next(in: input).map(State.ogg) ?? .over
      isUnended = isUnended || !link.isFinished
      missingPages += link.missingPages
      return (SoundBytes(input, body: link.range), false)
    case .over:
      break
    }
    state = .over
    return nil
  }
}
