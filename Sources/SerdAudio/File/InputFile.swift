import Glibc
import SerdSystem

/// What can be opened as audio: a regular file, or a stream made fit for libsndfile.
///
/// libsndfile reads WAV and AU from a pipe as they come; it wants to seek in every other format. So a pipe is looked
/// into without taking anything out, and what is neither WAV nor AU is copied to memory first (not to disk: audio is
/// never stored). That is bounded, as a Raspberry Pi has little: whoever has more names the file instead.
struct InputFile {
  /// The open file, at its start.
  let descriptor: FileDescriptor
  /// As its user named it.
  let place: String
  /// Whether it is read as it comes, so that its length is not known.
  let isStream: Bool

  /// The most that is copied to memory: 3 hours of 16 kHz mono FLAC are about 170 MB.
  static let largestCopy = 256 << 20

  /// Opens a file by name.
  init(path: String) throws(AudioError) {
    let descriptor: FileDescriptor
    do throws(Errno) {
      descriptor = try FileDescriptor.reading(path)
    } catch {
      throw AudioError.opening(path, error)
    }
    try self.init(descriptor, place: path)
  }

  /// Takes what is open already; the caller's descriptor stays open and the caller's.
  init(duplicating number: Int32, place: String) throws(AudioError) {
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
        if status.st_size == 0 { throw Errno(code: ENODATA) }
        isStream = false
        self.descriptor = descriptor
      case S_IFIFO where try InputFile.canStream(descriptor.peek(4)):
        isStream = true
        self.descriptor = descriptor
      default:
        if isatty(descriptor.number) == 1 { throw Errno(code: ENOTTY) }
        isStream = false
        self.descriptor = try InputFile.copyToMemory(descriptor)
      }
    } catch {
      throw AudioError.opening(place, error)
    }
  }

  /// A second descriptor of the file, which whoever asks for it must close.
  func descriptorToGiveAway() throws(AudioError) -> Int32 {
    do throws(Errno) {
      return try FileDescriptor.numberOfDuplicate(of: descriptor.number)
    } catch {
      throw AudioError.opening(place, error)
    }
  }

  /// Whether libsndfile reads a format from a pipe; `start` is the first four bytes, or fewer if no more are there yet,
  /// which then costs only the copy.
  private static func canStream(_ start: [UInt8]) -> Bool {
    ["RIFF", "RIFX", ".snd"].contains { start.elementsEqual($0.utf8) }
  }

  private static func copyToMemory(_ stream: FileDescriptor) throws(Errno) -> FileDescriptor {
    let memory = try FileDescriptor.inMemory()
    guard try stream.copy(to: memory, limit: largestCopy) else { throw Errno(code: EFBIG) }
    if try memory.status().st_size == 0 { throw Errno(code: ENODATA) }
    return memory
  }
}

extension AudioError {
  /// The error of opening a file, from the system's error number.
  fileprivate static func opening(_ place: String, _ error: Errno) -> AudioError {
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
