import CSndFile
import Glibc

/// The functions of libsndfile that are used, taken from the library when the first file is opened.
///
/// It is not linked, since the daemon has a microphone and no files, and libsndfile brings decoders along that take
/// more memory than all else. The types come from its header.
struct SoundFileLibrary: Sendable {
  typealias Open = @convention(c) (Int32, Int32, UnsafeMutablePointer<SF_INFO>?, Int32) -> OpaquePointer?
  typealias Close = @convention(c) (OpaquePointer?) -> Int32
  typealias ReadFrames = @convention(c) (OpaquePointer?, UnsafeMutablePointer<Float>?, sf_count_t) -> sf_count_t
  typealias Command = @convention(c) (OpaquePointer?, Int32, UnsafeMutableRawPointer?, Int32) -> Int32
  typealias ErrorCode = @convention(c) (OpaquePointer?) -> Int32
  typealias ErrorText = @convention(c) (OpaquePointer?) -> UnsafePointer<CChar>

  /// sf_open_fd
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

  private static let result: Result<SoundFileLibrary, AudioError> = {
    guard let library = dlopen(fileName, RTLD_NOW) else {
      let words = dlerror().map { String(cString: $0) } ?? "unknown reason"
      return .failure(
        AudioError(
          .internal, at: fileName, "audio files cannot be read without it (\(words))",
          advice: "install it, as with: apt install libsndfile1"))
    }
    func function<Function>(_ name: String) -> Function {
      guard let address = dlsym(library, name) else {
        preconditionFailure("\(fileName) has no \(name), which all its versions have")
      }
      return unsafeBitCast(address, to: Function.self)
    }
    return .success(
      SoundFileLibrary(
        open: function("sf_open_fd"), close: function("sf_close"), readFrames: function("sf_readf_float"),
        command: function("sf_command"), errorCode: function("sf_error"), errorText: function("sf_strerror")))
  }()
}
