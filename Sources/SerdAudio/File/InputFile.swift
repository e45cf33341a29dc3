import Glibc
import SerdSystem

/// What can be opened as audio: a regular file, or a stream that is read as it comes.
///
/// WAV and AU need no look back, so they are read from a pipe as they come. Every other format wants one: a pipe is
/// looked into without taking anything out, and what is neither WAV nor AU is copied to memory first (not to disk:
/// audio is never stored). That is bounded, as a Raspberry Pi has little: whoever has more names the file instead.
///
/// Places are counted in bytes from where reading begins. Used from one thread.
final class InputFile {
  /// As its user named it.
  let place: String
  /// In bytes; nil for a stream, whose length is not known.
  let size: Int?

  private let descriptor: FileDescriptor
  /// Where in the file reading begins: behind what another program has read of it.
  private let start: Int
  /// Of a stream: what was looked at, and is read again.
  private var kept: [UInt8] = []
  private var keptStart = 0
  private var isRead = false
  /// Of a stream: how much was taken from it.
  private var streamed = 0

  var isStream: Bool { size == nil }

  /// The most that is copied to memory: 3 hours of 16 kHz mono FLAC are about 170 MB.
  static let largestCopy = 256 << 20

  /// Opens a file by name.
  convenience init(path: String) throws(AudioError) {
    let descriptor: FileDescriptor
    do throws(Errno) {
      descriptor = try FileDescriptor.reading(path)
    } catch {
      throw AudioError.opening(path, error)
    }
    try self.init(descriptor, place: path)
  }

  /// Takes what is open already; the caller's descriptor stays open and the caller's.
  convenience init(duplicating number: Int32, place: String) throws(AudioError) {
    let descriptor: FileDescriptor
    do throws(Errno) {
      descriptor = try FileDescriptor.duplicate(of: number)
    } catch {
      throw AudioError.opening(place, error)
    }
    try self.init(descriptor, place: place)
  }

  private init(_ descriptor: FileDescriptor, place: String) throws(AudioError) {
    self.place = place
    do throws(Errno) {
      let status = try descriptor.status()
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        throw Errno(code: EISDIR)
      case S_IFREG:
        self.descriptor = descriptor
        start = min(try descriptor.position(), Int(status.st_size))
        size = Int(status.st_size) - start
      case S_IFIFO where try InputFile.canStream(descriptor.peek(4)):
        self.descriptor = descriptor
        start = 0
        size = nil
      default:
        if isatty(descriptor.number) == 1 { throw Errno(code: ENOTTY) }
        self.descriptor = try InputFile.copyToMemory(descriptor)
        start = 0
        size = Int(try self.descriptor.status().st_size)
      }
      if size == 0 { throw Errno(code: ENODATA) }
    } catch {
      throw AudioError.opening(place, error)
    }
  }

  /// The bytes at a place, fewer only at the end. Of a stream they are kept, and can be read afterwards; such places do
  /// not go back.
  func look(at place: Int, _ count: Int) throws(Errno) -> [UInt8] {
    guard count > 0 else { return [] }
    if isStream {
      if place >= streamed {
        // Before the first reading nothing is forgotten: the header may be another's to read.
        if isRead { (kept, keptStart) = ([], streamed) }
        kept += try bytes(place - streamed) { (buffer) throws(Errno) in try self.fill(buffer) }
      }
      let missing = place + count - (keptStart + kept.count)
      if missing > 0 { kept += try bytes(missing) { (buffer) throws(Errno) in try self.fill(buffer) } }
      return Array(kept.dropFirst(place - keptStart).prefix(count))
    }
    return try bytes(count) { (buffer) throws(Errno) in try self.read(at: place, into: buffer) }
  }

  /// Fills the buffer with the bytes from a place on; returns how many there are. Of a stream there is only what comes
  /// next, and what is kept.
  func read(at place: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    if isStream {
      isRead = true
      let known = place >= keptStart ? kept.dropFirst(place - keptStart).prefix(buffer.count) : []
      buffer.copyBytes(from: known)
      guard place + known.count == streamed else { return known.count }
      return known.count + (try fill(UnsafeMutableRawBufferPointer(rebasing: buffer[known.count...])))
    }
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = try retrying { pread(descriptor.number, rest.baseAddress, rest.count, start + place + filled) }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// A stream's copy in memory, from its start on; nothing may have been read of it, but looked at.
  func copiedToMemory() throws(Errno) -> InputFile {
    try InputFile(copyOf: descriptor, startingWith: kept, place: place)
  }

  private init(copyOf stream: FileDescriptor, startingWith kept: [UInt8], place: String) throws(Errno) {
    self.place = place
    descriptor = try InputFile.copyToMemory(stream, startingWith: kept)
    start = 0
    size = Int(try descriptor.status().st_size)
  }

  /// Waits until the buffer is full, or the stream ends.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = try retrying { Glibc.read(descriptor.number, rest.baseAddress, rest.count) }
      if count == 0 { break }
      filled += count
    }
    streamed += filled
    return filled
  }

  private func bytes(
    _ count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(Errno) -> Int
  ) throws(Errno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, count))
    // Not thrown from the closure of withUnsafeMutableBytes, which drops the type of the error in Swift 6.0.
    var failure: Errno?
    let filled = bytes.withUnsafeMutableBytes { buffer in
      do throws(Errno) { return try fill(buffer) } catch { failure = error }
      return 0
    }
    if let failure { throw failure }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Whether a format is read from a pipe as it comes; `start` is the first four bytes, or fewer if no more are there
  /// yet, which then costs only the copy.
  private static func canStream(_ start: [UInt8]) -> Bool {
    ["RIFF", "RIFX", "RF64", "BW64", ".snd"].contains { start.elementsEqual($0.utf8) }
  }

  private static func copyToMemory(
    _ stream: FileDescriptor, startingWith kept: [UInt8] = []
  ) throws(Errno) -> FileDescriptor {
    let memory = try FileDescriptor.inMemory()
    try writeAll(kept, to: memory.number)
    guard try stream.copy(to: memory, limit: largestCopy) else { throw Errno(code: EFBIG) }
    return memory
  }
}

extension AudioError {
  /// The error of opening or reading a file, from the system's error number.
  static func opening(_ place: String, _ error: Errno) -> AudioError {
    switch error.code {
    case ENOENT, ENOTDIR:
      AudioError(.noInput, at: place, "there is no such file", advice: "check the name")
    case EISDIR:
      AudioError(.noInput, at: place, "is a folder", advice: "name an audio file in it")
    case EACCES, EPERM:
      AudioError(
        .noInput, at: place, "may not be read by this user", advice: "change its permissions or the user")
    case ENOTTY:
      AudioError(.noInput, at: place, "is a terminal", advice: "pipe or redirect an audio file into it")
    case ENODATA:
      AudioError(.badData, at: place, "is empty", advice: "record or copy it again")
    case EFBIG:
      AudioError(
        .badData, at: place, "has more than \(InputFile.largestCopy >> 20) MiB, too much to keep in memory",
        advice: "give the file by its name, or pipe WAV, which is read as it comes")
    default:
      AudioError(
        .noInput, at: place, "cannot be read (\(error.words))", advice: "check the file and its disk")
    }
  }
}
