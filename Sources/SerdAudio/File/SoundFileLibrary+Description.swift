import CSndFile

extension SoundFileLibrary {
  /// libsndfile's words for a format, as "WAV (Microsoft), Signed 16 bit PCM".
  func name(ofFormat format: Int32) -> String {
    let parts = [Int(format) & Int(SF_FORMAT_TYPEMASK), Int(format) & Int(SF_FORMAT_SUBMASK)]
    return parts.compactMap { part in
      var info = SF_FORMAT_INFO()
      info.format = Int32(part)
      let failure = command(nil, Int32(SFC_GET_FORMAT_INFO), &info, Int32(MemoryLayout<SF_FORMAT_INFO>.size))
      return failure == 0 && info.name != nil ? String(cString: info.name) : nil
    }.joined(separator: ", ")
  }

  /// What libsndfile noted while it read a file's header: one line per chunk.
  func log(of handle: OpaquePointer) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 14) { buffer in
      // Initialised, as libsndfile ends the text with a zero only where it writes.
      buffer.initialize(repeating: 0)
      _ = command(handle, Int32(SFC_GET_LOG_INFO), buffer.baseAddress, Int32(buffer.count))
      buffer[buffer.count - 1] = 0
      return String(cString: buffer.baseAddress!)
    }
  }

  /// The error after libsndfile refused to open a file; to be made at once, as libsndfile keeps only the last reason.
  func openingError(_ place: String) -> AudioError {
    let code = errorCode(nil)
    let words = String(cString: errorText(nil))
    switch Int(code) {
    case Int(SF_ERR_UNRECOGNISED_FORMAT):
      return AudioError(
        .badData, at: place, "is not audio in any format that libsndfile reads",
        advice: "convert it to WAV or FLAC")
    case Int(SF_ERR_SYSTEM):
      return AudioError(
        .noInput, at: place, "cannot be read (\(words))", advice: "check the file and its disk")
    default:
      // libsndfile calls an impossible header of a file an internal error of its own.
      let problem =
        words.hasPrefix("Internal error") ? "the header holds an impossible sample rate or sample format" : words
      return AudioError(
        .badData, at: place, "cannot be decoded (\(problem))",
        advice: "record or copy it again, or convert it to WAV")
    }
  }
}

/// What the header of a WAV, AIFF or AU file says about the size of its samples. libsndfile corrects that silently
/// where the file is shorter; only its log tells.
struct DataChunk: Equatable {
  /// Size in the header, in bytes; nil where the format has no such chunk.
  var promisedBytes: Int?
  /// Size that the file has room for, where that is less.
  var presentBytes: Int?

  /// Sizes from here on were never filled in: who writes to a pipe cannot go back, and puts 2 GiB (arecord), a little
  /// less (sox) or 4 GiB (ffmpeg).
  static let placeholder = 0x7FFF_F000

  /// Finds the lines "data : 96000 (should be 2000)", "SSND : …" or "Data Size : …".
  init(log: String) {
    for line in log.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let colon = words.firstIndex(of: ":"), colon + 1 < words.count else { continue }
      guard [["data"], ["SSND"], ["Data", "Size"]].contains(Array(words[..<colon])) else { continue }
      promisedBytes = Int(words[colon + 1])
      let correction = words[(colon + 2)...]
      if correction.starts(with: ["(should", "be"]), let last = correction.last, last.hasSuffix(")") {
        presentBytes = Int(last.dropLast())
      }
      return
    }
  }

  /// How many frames the header promises, where libsndfile states `stated` for what is there.
  func promisedFrames(stated: Int?) -> Int? {
    if let promisedBytes, promisedBytes < 0 || promisedBytes >= DataChunk.placeholder { return nil }
    guard let stated, let promisedBytes, let presentBytes, presentBytes > 0 else { return stated }
    return Int(Double(stated) * Double(promisedBytes) / Double(presentBytes))
  }
}
