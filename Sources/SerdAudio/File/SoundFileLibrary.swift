import CSndFile
import Glibc

/// The functions of libsndfile that are used, taken from the library when the first file is opened.
///
/// It is not linked, since the daemon has a microphone and no files, and libsndfile brings decoders along that take
/// more memory than all else. The types come from its header.
struct SoundFileLibrary: Sendable {
  typealias Open =
    @convention(c) (
      UnsafeMutablePointer<SF_VIRTUAL_IO>?, Int32, UnsafeMutablePointer<SF_INFO>?, UnsafeMutableRawPointer?
    )
    -> OpaquePointer?
  typealias Close = @convention(c) (OpaquePointer?) -> Int32
  typealias ReadFrames = @convention(c) (OpaquePointer?, UnsafeMutablePointer<Float>?, sf_count_t) -> sf_count_t
  typealias Command = @convention(c) (OpaquePointer?, Int32, UnsafeMutableRawPointer?, Int32) -> Int32
  typealias ErrorCode = @convention(c) (OpaquePointer?) -> Int32
  typealias ErrorText = @convention(c) (OpaquePointer?) -> UnsafePointer<CChar>

  /// sf_open_virtual
  let open: Open
  /// sf_close
  let close: Close
  /// sf_readf_float
  let readFrames: ReadFrames
  /// sf_command
  let command: Command
  /// sf_error
  let errorCode: ErrorCode
  /// sf_strerror
  let errorText: ErrorText

  /// The library's file; its number changes with its binary interface only.
  static let fileName = "libsndfile.so.1"

  /// The library, loaded once; an error if it is not installed.
  static func loaded() throws(AudioError) -> SoundFileLibrary { try result.get() }

  private static let result: Result<SoundFileLibrary, AudioError> = SharedLibrary.open(
    fileName, toRead: "audio files", package: "libsndfile1"
  ).map { library in
    SoundFileLibrary(
      open: library.function("sf_open_virtual"), close: library.function("sf_close"),
      readFrames: library.function("sf_readf_float"), command: library.function("sf_command"),
      errorCode: library.function("sf_error"), errorText: library.function("sf_strerror"))
  }
}
